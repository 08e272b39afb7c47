# The live feed, the page of one object, how to connect tools.

nav-connect = Connect tools
nav-skip = To the content

feed-filter-title = Search and filter
feed-filter-q = Search
feed-filter-q-hint = A value or part of one, also defanged; a word of a report in English or Japanese; a STIX id. Several words must all be there. The hub sees what you search and does not keep it.
feed-filter-kind = Kind
feed-filter-state = State
feed-filter-any = any
feed-filter-go = Show
feed-filter-clear = Clear
feed-filter-more = More filters
feed-filter-collection = Collection
feed-filter-tlp = Marking
feed-filter-confidence = Confidence
feed-filter-since = From (day)
feed-filter-until = To (day)
feed-filter-zone = Time zone
feed-filter-place = place in the list
feed-filter-ignored = The address holds what is not understood here and was left out:

feed-state-current = in force
feed-state-expired = expired
feed-state-revoked = withdrawn
feed-collection-signals = signals (indicators)
feed-collection-context = context (reports)
feed-confidence-confirmed = confirmed
feed-confidence-reported = reported, not yet confirmed
feed-confidence-unstated = not stated

feed-count = { $count ->
    [one] { $count } found
   *[other] { $count } found
  }
feed-count-more = More than { $count } found
feed-nothing = Nothing released fits this. Try fewer words or another filter.
feed-new = { $count ->
    [one] { $count } new: show it
   *[other] { $count } new: show them
  }
feed-take = Take what is found:
feed-take-text = plain list
feed-take-stix = STIX bundle
feed-copy = Copy
feed-copied = Copied
feed-pages = Pages
feed-pages-newest = Newest
feed-pages-older = Older
column-first = first

kind-other = Other objects
kind-pattern = Pattern
kind-technique = Technique
kind-action = What to do
kind-campaign = Campaign
kind-malware = Malware
kind-sighting = Sighting
kind-translation = Translation
kind-relationship = Relationship

feed-closed-title = Sign in to read this
feed-missing-title = There is nothing here
feed-missing-text = No such object was released, or it is not for this account. Check the address.

feed-object-revoked = Withdrawn.
feed-object-revoked-text = The hub took this back. Remove it from your tools.
feed-object-as-is = Show as it is
feed-object-as-is-note = Do not open it.
feed-object-words = In words
feed-object-certificate = Anonymity certificate:
feed-object-certificate-text = how many members this may be about. Anybody can compute it again.
feed-object-facts = What is known
feed-object-sightings = Seen
feed-object-first = First tick
feed-object-last = Last tick
feed-object-pattern = Pattern
feed-object-show = Show
feed-object-related = Connected with
feed-object-alone = Nothing released is connected with it. Indicators are not linked to reports on purpose: a link could tell who was hit.
feed-object-graph = Picture of the connections
feed-object-graph-text = The object on the left, what is directly connected with it in the middle, what is connected through a report on the right. The list below says the same.
feed-object-history = History
feed-object-history-text = Each version is in a batch the hub signed; its proof leads from the bytes to the hub's key.
feed-object-proof = proof
feed-object-newest = newest
feed-object-raw = The object as JSON
feed-sightings-confirmed = by at least two members, at least two days apart
feed-sightings-reported = by at least one member; exact numbers are never released
feed-sightings-few = fewer than 5 times
feed-sightings-some = 5 to 9 times
feed-sightings-many = 10 to 19 times
feed-sightings-most = 20 times or more
feed-decay-fresh = Fresh.
feed-decay-ageing = Ageing: more than half of its time is over.
feed-decay-over = Expired: block lists no longer have it.
feed-decay-bar = { $over } per cent of its time is over
feed-tlp-clear = may be passed on to anybody
feed-tlp-green = stays within the community
feed-tlp-amber = stays within your organisation and its clients, for those who need it
feed-tlp-amber-strict = stays within your organisation, for those who need it
feed-tlp-red = for named recipients only

feed-connect-title = Connect tools
feed-connect-what = Settings to copy. Everything is read with one key; what is released arrives within seconds.
feed-connect-key = Where to get a key:
feed-connect-key-text = ask the operator of this hub for a reading key (noroshi admin key create). Put it where NOROSHI_KEY stands below; it is shown once.
feed-connect-jump = On this page
feed-connect-discovery = Discovery address
feed-connect-user = User name (any)
feed-connect-password = Password
feed-connect-your-key = your key
feed-connect-misp = Sync Actions, Feeds, Add Feed: one feed per list. Or give a TAXII server the settings above.
feed-connect-suricata = Fetch the lists every few minutes and load them as datasets; the last rule needs file hashing in suricata.yaml.
feed-connect-rpz = A zone for your resolver: released domains and everything below them are answered as not existing. Its serial number grows with every change.
feed-connect-stream = Stream
