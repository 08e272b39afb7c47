# Texts of the outlet: the public page and the index of block lists.

nav-main = Main
nav-language = Language
nav-sign-in = Sign in
footer = Everything here was signed by the hub. Nothing here says who reported it.

lead-title = One member sees an attack; every member blocks it.
lead-what = noroshi takes a report of an attack from one member and, seconds later, puts its indicators into the tools of all the others.
lead-anonymous = What leaves is written anew and signed by the hub: it names the attacker's addresses and files, never the organisation that was hit.

next-title = What to do next
next-report = Report an attack
next-report-text = Paste what you have: a mail, a list of addresses, a file. You see what will be shared before anything leaves.
next-taxii = Connect a TAXII client
next-taxii-text = SIEM, MISP, OpenCTI and others speak TAXII 2.1. Give them this discovery address and your API key as the password.
next-feeds = Fetch block lists
next-feeds-text = Plain text for firewalls, proxies and resolvers: one value per line, always without what has expired or was withdrawn.
next-stream = Listen to the stream
next-stream-text = Server-Sent Events, one for each release, which you can resume after a break.
next-verify = Check it yourself
next-verify-text = Registers, records and certificates: everything needed to recompute, without trusting this server, how many members a warning may be about.

feed-title = Live feed
feed-closed = The feed is for members. Send an API key, or sign in.
feed-clear = You see the public part: what is marked TLP:CLEAR.
feed-all = { $count ->
    [one] { $count } verified object on the shelf.
   *[other] { $count } verified objects on the shelf.
  }
feed-newest = Newest tick: { $time }.
feed-empty = Nothing has been released yet.
live-on = Live
live-off = Connection lost, trying again

column-kind = Kind
column-value = Value
column-tlp = Marking
column-time = Released

action-create = new
action-update = changed
action-revoke = withdrawn

kind-ipv4 = IPv4 address
kind-ipv6 = IPv6 address
kind-domain = Domain
kind-host = Host
kind-url = URL
kind-email = E-mail address
kind-file-name = File name
kind-mutex = Mutex
kind-registry-key = Registry key
kind-cve = Vulnerability
kind-context = Context

feeds-title = Block lists
feeds-what = One value per line, sorted, each once. A value leaves its list when it expires or is withdrawn.
feeds-how-title = How to fetch them
feeds-how = Send your API key as the password, and the entity tag of your last copy: an unchanged list then costs nothing.
