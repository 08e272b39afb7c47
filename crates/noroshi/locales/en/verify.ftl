# What noroshi verify prints.
verify-everything = Good: everything in the certificate of { $id } (version { $version }) was recomputed from public documents.
verify-label-only = Good, label only: the label of { $id } (version { $version }) and its bounds were recomputed; the exact candidates are the hub's word, because an earlier release about the same case had narrowed them, and what was left then is not published.
verify-label = label: { $label }
verify-candidates = candidates: { $candidates } members (at least { $least } are required)
verify-worst = strongest belief in one member: { $worst }, also when accomplices help (at most { $p } is allowed)
verify-decided = decided for { $at }, in record { $record }
verify-chain = chain of records checked from { $first } to { $last }
verify-joined = all versions read together leave { $joined } members
verify-parameters = parameters: k={ $k }, c={ $c }, p_max={ $p }, rho={ $rho } in { $days } days
verify-meaning = What this means: whoever reads everything this hub publishes, knows its program and has { $c ->
    [0] no accomplice
    [one] one accomplice
   *[other] up to { $c } accomplices
  } among the members can only tell that one of { $candidates } members was hit, and is right about any one of them with a chance of at most { $worst }.
verify-meaning-label-only = What this means: the hub states that { $candidates } members remain possible and none with a chance above { $worst }; the label allows that, and for the rest you rely on the hub's signature.
verify-release = Good: { $id } is what the hub signed, in a batch of { $collection } released at { $tick }.
verify-fetched = Saved { $documents } documents and { $releases } releases to { $folder }; { $kept } documents were there already. All signatures are good.

verify-no-missing = Refused: { $subject } is not published, or not to you. Give a key that may read releases (--key), or ask the hub's operator.
verify-no-document-signature = Refused: { $subject } is not signed with this hub's key, or was changed on the way. Check --hub-key; if it is right, tell all members.
verify-no-certificate-signature = Refused: the certificate inside { $subject } is not signed with this hub's key. Check --hub-key; if it is right, tell all members.
verify-no-record-signature = Refused: the record inside { $subject } is not signed with this hub's key. Check --hub-key; if it is right, tell all members.
verify-no-unreadable = Refused: { $subject } is not a document of its kind. This program may be too old for this hub.
verify-no-other = Refused: { $subject } holds another document than its name says. Tell all members.
verify-no-chain = Refused: record { $subject } does not follow from the one before it: history was changed. Tell all members.
verify-no-hidden = Refused: the record leaves out the earlier release { $subject }, which its decision had to take into account. Tell all members.
verify-no-invented = Refused: record { $subject } lists earlier releases that no record before it holds. Tell all members.
verify-no-differs = Refused: the certificate's { $subject } does not follow from the public documents. Tell all members.
verify-no-no-proof = Refused: { $subject } is not among the releases you may read, in this version, so there is no proof for it.
verify-no-no-object = Refused: { $subject } has a proof, but the object itself is not there.
verify-no-proof-head = Refused: the batch of { $subject } is not signed with this hub's key. Check --hub-key; if it is right, tell all members.
verify-no-proof-other = Refused: the proof for { $subject } is about another object or another version of it.
verify-no-proof-not-included = Refused: these bytes of { $subject } are not what the hub signed. The object was changed, or written anew by the program that saved it.
verify-no-uncertified = Refused: the release { $subject } stands in a record but has no certificate.
verify-no-unrecorded = Refused: the certificate of { $subject } names a record that does not hold this release.
verify-no-too-few = Refused: all versions of { $subject } read together leave fewer candidates than promised.
