# What the commands print.
hub-init = Wrote { $file }. Read it, then start the hub: noroshi hub --config { $file }
hub-listening = noroshi hub on { $url }
hub-key = public key of this hub (members check signatures with it): { $key }
hub-identity = STIX identity of this hub: { $id }
hub-first-operator = Nobody can sign in yet. One-time link for the operator, good for one day: { $link }

report-found = Understood { $count } indicators:
report-more = ... and { $count } more (--all shows them)
report-dropped = No indicators, left out: { $count }
report-problems = Parts that could not be read: { $count } (the rest was kept)
report-dry-run = Nothing was sent (--dry-run).
report-ask = Send this report to { $hub }?
report-not-sent = Nothing was sent.
report-accepted = Acknowledged as report { $id }: it is stored safely.
report-passed = { $count } indicators go to the other members with the next tick, without your name.
report-kept = { $count } are kept back:
report-receipt = Keep this receipt. It proves later what you reported and on which day:
report-own-removed = Removed because they are yours: { $count }
report-own-struck = Yours in the texts, struck out: { $count }
report-own-typed = The files stay here. This is sent instead:
report-own-clean = Nothing of yours was found. The files are sent as they are.
report-own-check = Nothing was sent (--check).


verify-content = good: the hub received this content as report { $id }
verify-signature = good signature over report { $id }; name --content or --report to check the content too
verify-day = on { $day }, by the hub's word; with --proof, also by what it had published
verify-published = on or before { $day }: its place is in the tree that the hub published for that day
verify-answered = whoever answered this challenge holds the report's words
verify-words = these words are the report's
verify-member = the report was committed to member { $member } when it was filed

authority-made = Wrote the private key to { $file }. Keep two copies where only you reach them: what is sealed to it, nothing else opens. Tell the hub's operator by telephone that your statement is signed by { $signer }.
authority-plain = The file has no passphrase: whoever reads it opens everything sealed to you. --passphrase-file protects it.
