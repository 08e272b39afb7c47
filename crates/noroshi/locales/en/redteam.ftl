# What noroshi redteam prints and writes.
redteam-worlds = { $worlds } synthetic registers, two years each, { $victims } victims; k={ $k }, c={ $c }, p_max={ $p }. Attackers read all releases on a case; figures with ± are 95 % intervals.
redteam-practice = how it is published
redteam-top1 = identified
redteam-coalition = with colluder
redteam-worst = worst belief
redteam-mean = mean belief
redteam-unique = left alone
redteam-bits = sector bits
redteam-held = held
redteam-size = left 5%/50%
redteam-adversary = adversary
redteam-does = what it does
redteam-against = Against noroshi
redteam-against-text = Each adversary reads everything public and what its kind has besides. A bar is the share of victims it names right; the line is the bound in force.
redteam-replays = { $part } of { $whole } decisions made again from public data came out differently.
redteam-certificates = { $part } of { $whole } certificates recomputed from public data did not follow from it.
redteam-marks = { $part } releases named their victim, of reports with { $whole } planted names, domains and addresses.
redteam-indicators = { $part } of { $whole } indicators of the attackers reached the signal lane.
redteam-leakage = Identifiers in what is released
redteam-channel = channel
redteam-raw = reports have it
redteam-recall = kept back
redteam-from = marks
redteam-assumed = assumed
redteam-named = A release names its victim by an identifier in { $own } of cases, at most { $most } with the measured recalls at the lower end of their 95 % intervals; { $unfiltered } if nothing is filtered, { $reviewed } if people review texts alone. How often reports hold such things is assumed, and so is every recall marked so.
redteam-kept = Every limit was kept.
redteam-exceeded = Limits were exceeded:
redteam-broken = Five broken versions, and what catches each:
redteam-missed = nothing caught it
redteam-title = Could anybody find out who was hit?
redteam-lead = Members report attacks so that all others are warned. This report shows how often an adversary who reads everything published would name the reporting firm, and how that compares with what is done elsewhere.
redteam-tile-others = of victims named when an event is delegated to another organisation, as on today's platforms
redteam-tile-own = of victims named when noroshi publishes
redteam-tile-worst = the strongest belief in any one firm that an attacker with one accomplice among the members could form; 1.00 would be certainty
redteam-tile-unique = of victims left as the only possible firm
redteam-compare = How it is published
redteam-compare-text = Share of victims named right by an adversary who knows the public register, the program, and every release on a case.
redteam-limit = bound { $p }
redteam-checks = What must hold exactly
redteam-not-promised = What is not promised
redteam-not-promised-list =
    Whoever knows of the incident from elsewhere knows it: the attacker, the firm's own staff, its forensic vendor, its bank. Outages, press and share price point to a firm without any help from us.
    If two agencies each publish one anonymised case, others may find that both are the same. We know only what passes through this hub.
    With three firms of a kind no label for that kind can be safe. The system then says less.
    If one organisation runs hub and relay, the time of a submission gives the member away to it.
    A member can give itself away: by uploading the sample to a public service, or by asking in a chat.
    Publication tells the attacker that he was seen.
    Text that a machine alone has cleaned is never promised to be anonymous. It is not published.
redteam-care = Read with care
redteam-care-list =
    The registers, the frequency of tags and the course of attacks are assumptions. What counts is the order of the practices and that the bound is exact, not the decimals.
    Half a per cent is what nobody can beat: it is right without reading anything.
    A practice that says nothing about the sector scores well by saying nothing. The column of sector bits shows what readers still learn.
    A-time and A-diff have knowledge of their own about the incident, which the exact bound does not cover; their success is limited, their strongest single belief is not.
    Named adversaries are programs. A person with luck can guess.
redteam-rerun = The same figures come from: noroshi redteam
redteam-searched = Searched { $objects } objects in { $files } files.
redteam-clean = Nothing found.
redteam-found-name = { $file }, object { $object }: points to register entry { $entry }
redteam-found-time = { $file }, object { $object }: { $property } is more precise than the tick
redteam-found-look = { $file }, object { $object }: this { $type } is written differently from the others
redteam-found-unread = { $file }: not JSON; searched as text
redteam-entropy = bits to guess
redteam-history = Published history: { $records } records from { $first } to { $last }, { $releases } releases about { $cases } cases; k={ $k }, c={ $c }, p_max={ $p }. Attackers know the register, the program and every release.
redteam-history-title = What was published, attacked
redteam-history-beliefs = What adversaries believe
redteam-history-beliefs-text = Each adversary reads everything this hub has published. A bar is the strongest belief in any one member that came of it; the line is the bound in force. How often a belief was right needs the truth, which only the operator has.
redteam-history-recomputed = { $good } of { $whole } certificates follow from public documents ({ $label } as far as the label: later versions of a release).
redteam-history-cells = At most { $share } of a labelled cell was shown as victims within { $days } days (allowed: { $rho }).
redteam-history-bits = Readers learn { $bits } bits about the sector, on average over releases.
redteam-history-direct = Outside the guarantee: { $count } direct warnings, to { $recipients } recipients in all.
redteam-history-truth = The truth names the victim of { $part } of { $whole } cases; { $elsewhere } labels do not hold their victim.
redteam-history-faults = What does not hold:
redteam-history-care = Exact checks need no truth. Numbers in brackets are 95 % intervals (Wilson) in per cent, over the cases whose victim was given; with few cases they are wide. A-hit and A-prior are not bounded by p_max.
