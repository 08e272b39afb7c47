# What noroshi stix prints.

# validate
stix-finding = { $file }: { $severity } { $code } { $id } { $path }: { $message }
stix-named = { $sentence } ({ $detail })
stix-error = error
stix-warning = warning
stix-upgraded = { $file }: upgraded { $id } { $path }: { $change }
stix-more = { $file }: ... and more of { $code }: { $count } (--all shows them)
stix-summary-good = { $file }: valid. Objects: { $objects }, errors: { $errors }, warnings: { $warnings }
stix-summary-bad = { $file }: not valid. Objects: { $objects }, errors: { $errors }, warnings: { $warnings }
stix-summary-strict = { $file }: valid, but --strict lets no warning pass. Objects: { $objects }, errors: { $errors }, warnings: { $warnings }
stix-unreadable = { $file }: cannot be read: { $reason }
stix-no-id = (no id)

# fmt
stix-not-formatted = { $file }: would be written otherwise
stix-formatted = { $file }: written anew

# explain: shapes
stix-shape-object = One object
stix-shape-bundle = A bundle. Objects: { $count }
stix-shape-list = A list. Objects: { $count }
stix-shape-envelope = A TAXII envelope. Objects: { $count }
stix-shape-lines = Objects, one after the other: { $count }
stix-was-old = It was written in STIX 2.0 and is explained as STIX 2.1.
stix-problems = Errors: { $errors }, warnings: { $warnings } (noroshi stix validate shows them)
stix-and-more = ... and more objects: { $count } (--all shows them)

# explain: objects
stix-head = { $kind } “{ $name }”
stix-head-unnamed = { $kind }
stix-unknown-kind = Object of a type of its own, { $type }
stix-by = Who: { $creator }
stix-by-nobody = Who: the creator is not named
stix-when = When: made { $created }
stix-when-changed = When: made { $created }, changed { $modified }
stix-taken-back = Taken back by its creator: do not use it any more.
stix-sure = Confidence: { $number } of 100 ({ $level })
stix-sure-none = none
stix-sure-low = low
stix-sure-medium = medium
stix-sure-high = high
stix-sharing = Sharing: { $label }: { $meaning }
stix-sharing-none = Sharing: no marking; ask before you pass it on
stix-statement = Statement: { $text }
stix-marked-otherwise = Marked by { $id }, which is not here
stix-parts-marked = Some parts are marked otherwise: { $parts }
stix-relation = { $source } → { $relation } → { $target }
stix-translated = Translated into: { $languages }
stix-custom = Not of STIX itself (custom): { $names }
stix-extended = Extension: { $name }
stix-pattern = Pattern, in words:
stix-pattern-broken = The pattern cannot be read: { $reason }
stix-items = { $count } in all
stix-not-here = { $id } (not in this document)

# TLP and PAP
stix-tlp-clear = May be passed on to everybody.
stix-tlp-green = May be passed on within the community, not in public.
stix-tlp-amber = May be passed on within the organization and to its clients, to those who need it.
stix-tlp-amber-strict = May be passed on within the organization only, to those who need it.
stix-tlp-red = For the recipients alone; must not be passed on.
stix-pap-clear = May be used in every way.
stix-pap-green = Active use is allowed: blocking, asking the attacker's systems.
stix-pap-amber = Only checks that the attacker cannot see, also through third parties.
stix-pap-red = Only checks that nobody outside can see.

# patterns
stix-all-of = All of these:
stix-any-of = Any of these:
stix-in-order = These, each not before the one above:
stix-observation = One observation, of one object for which holds:
stix-within = All that within { $seconds } seconds:
stix-repeats = { $times } times:
stix-start-stop = From { $start } until before { $stop }:
stix-path = { $kind }: { $rest }
stix-not = not: { $test }
stix-exists = { $path } is there
stix-equal = { $path } is { $value }
stix-not-equal = { $path } is not { $value }
stix-less = { $path } is less than { $value }
stix-less-or-equal = { $path } is at most { $value }
stix-greater = { $path } is greater than { $value }
stix-greater-or-equal = { $path } is at least { $value }
stix-in = { $path } is one of { $value }
stix-like = { $path } looks like { $value } (% stands for any text, _ for one character)
stix-matches = { $path } matches the expression { $value }
stix-is-subset = { $path } lies in the network { $value }
stix-is-superset = { $path } is a network that contains { $value }

# definitions
stix-class-sdo = Domain object: a statement that somebody makes
stix-class-sro = Relationship object: connects others
stix-class-sco = Cyber observable: a fact of systems and networks
stix-class-meta = Meta object: says how others are to be read
stix-class-bundle = Container of objects, for transport
stix-properties = Properties (* required):
stix-relationships = Relationships that start here:
stix-id-from = Its id follows from: { $names }
stix-id-random = Its id is random.
stix-property-of = { $name } of { $kind }: { $type }
stix-part-of = { $name } inside { $part }: { $type }
stix-words = Words of { $name }:
stix-code-finding = What the finding { $code } means:
stix-code-change = What the change { $code } means:
stix-code-document = Why a document cannot be read, { $code }:
stix-nothing-known = { $name }: neither a file, a pattern, a type, a property, a vocabulary nor a code.
stix-did-you-mean = Did you mean { $names }?
stix-topics-types = Types:
stix-topics-codes = Codes of findings:
stix-topics-vocabularies = Vocabularies:
