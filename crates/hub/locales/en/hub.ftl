# Texts of the hub's pages.

# frame
hub-skip = Skip to the content
hub-nav-report = Report an attack
hub-nav-reports = Your reports
hub-nav-desk = Desk
hub-nav-operator = Operator
hub-nav-feed = Live feed
hub-sign-out = Sign out
hub-role-anonymous = not signed in
hub-role-member = member
hub-role-partner = partner
hub-role-desk = desk
hub-role-operator = operator

# signing in
sign-in-title = Sign in to noroshi
sign-in-once = This link works once. Press the button to sign in on this device for twelve hours.
sign-in-button = Sign in
sign-in-shared = Do not do this on a device that others use. Sign out when you are done.
sign-in-gone-title = This link does not work
sign-in-gone = It may have been used already, be older than a day, or have been copied only in part.
home-title = You are not signed in
home-how = Ask the operator of this hub for a new sign-in link. It is for you alone, works once and holds for one day.
home-urgent = Is an attack going on? Programs of your organisation that have an API key can report without signing in: noroshi report FILE.
home-operator = Operators make links with:

# reporting
report-title = Report an attack
report-lead = Paste what you have. We look for the attacker's addresses, domains and files, and show you what others will see. Nobody outside the hub learns who reported.
report-not-sent = Nothing was sent.
report-text = What do you have?
report-text-hint = A mail with its headers, log lines, a list of indicators, a STIX bundle or MISP event. Any language, in any order; hxxp and [.] are understood.
report-files = Files
report-files-hint = For example .eml, .csv, .json or .txt; several at once are fine. No disk images and no samples of malware.
report-files-kept = Attached (untick to remove)
report-files-again = These files are too large to be kept in the form. Choose them again before you send:
report-optional = If you know it already
report-optional-hint = Everything here may stay empty. What you choose goes out only later, after the desk and you have approved the exact words.
report-choose = Not known yet
report-hold = Hold until
report-zone = Time zone
zone-jst = JST (UTC+9)
report-hold-hint = Nothing of this report goes out before this time. Leave it empty to warn others at once.
report-check = Check first
report-send = Send report
report-buttons-hint = Checking stores nothing. Pressing Send twice files the report once.
preview-title = What others will see
preview-nothing-stored = Nothing has been stored or sent yet. What you typed is still below.
preview-summary = { $shared ->
    [one] { $shared } indicator
   *[other] { $shared } indicators
  } would be shared, { $kept } would be kept back.
preview-tlp = Marking
preview-none = No indicator that can be shared was found. You can send the report all the same: the desk reads it, and nothing goes to others.
preview-shared = Shared with the other members
preview-kept = Removed
preview-generalised = Shortened; not shared:
preview-problems = Could not be read; the rest was kept
preview-words = What may be said about the attack later
preview-words-note = Only after the desk and then you have approved these very words.
more = { $count } more are not listed here; the API gives them all.
dropped-title = Not taken as indicators: { $count }
dropped-note = Only you and the desk see these.
origin-line = line { $at }
origin-body = mail body, line { $at }
origin-header = mail header { $at }
origin-attachment = attachment { $at }
origin-defanged = { $at }, defanged

# fates
fate-would-go = would be shared
fate-would-wait = would wait for the desk
fate-would-stay = would not be shared
fate-out = shared
fate-next = goes out with the next tick
fate-revoking = is being withdrawn
fate-revoked = withdrawn
fate-held = kept back by a later check
fate-waits = waits for the desk
fate-dropped = not shared
fate-refused = kept back by the desk

# one report
reports-title = Your reports
reports-none = Your organisation has not reported anything yet.
reports-untitled = Report
reports-asked = needs your answer
report-one-title = Your report has arrived
report-summary = Indicators: { $shared } shared, { $waiting } waiting for the desk, { $kept } kept back.
receipt-title = Receipt
receipt-note = Copy or print it and keep it. It proves what you reported and on which day, without naming you.
indicators-title = Indicators
indicators-none = No indicator was found in this report.
indicator-since = out since
context-nothing = Nothing was said about the attack that others could be told.
context-proposed = Waits for the desk.
context-desk-approved = The desk has approved; the reporter has the last word.
context-approved = Approved by both; goes out with the next context batch.
context-released = Shared.
context-declined = Not shared: it was declined.
context-ask = May exactly these words be shared?
context-words-note = These are the exact words, in both languages. Nothing else of the description leaves the hub.
context-approve = Yes, share these words
context-decline = No, share nothing

# fields
fact-title = Title
fact-narrative = Description
fact-attack-type = Kind of attack
fact-initial-access = How they came in
fact-impact = What it did
fact-course-of-action = What to do
fact-techniques = Techniques (ATT&CK)
fact-affected-hosts = Affected machines
fact-product = Product
fact-occurred = Happened
fact-detected = Noticed
fact-mail-subject = Subject of the mail
fact-mail-recipients = Recipients of the mail

# columns
column-report = Report
column-accepted = Arrived
column-context = Description for others
column-member = Member
column-label = Label
column-agreement = Agreement
column-key = Key
column-rights = May
column-state = State
column-name = Name
column-role = Role
column-at = Time
column-actor = Who
column-action = What

# the desk
desk-title = Desk
desk-jump = On this page
desk-groups-none = No two reports name the same thing.
desk-group = { $reports } reports of { $members ->
    [one] one member
   *[other] { $members } members
  }
desk-group-shares = They share:
desk-group-shared-by = in { $count } reports
desk-open = open the report
desk-release = Release
desk-refuse = Keep back
desk-never = Can never be released, for the reason above.
desk-context-approve = Approve and ask the reporter
desk-context-decline = Do not share
desk-report-title = Report
desk-revoke = Withdraw
desk-originals = What was submitted
desk-original-text = Pasted text

# the operator
operator-title = Operator
operator-health = Health
operator-version = Version
operator-verified = Verified releases on the shelf
operator-of-partners = Verified objects of partners
operator-rejected = Objects that failed verification
operator-rejected-bad = somebody changed the shelf; restore a backup
operator-newest = Newest tick
operator-never = nothing released yet
operator-pending = Indicators waiting for the next tick
operator-members = Members
operator-left = has left
operator-until = until
operator-unsigned = no valid signature: neither sends nor receives
operator-partners = Partners
operator-keys = API keys
operator-accounts = Accounts
key-holds = valid
key-expired = expired
key-revoked = revoked
key-both = read and report
key-read = read
key-report = report
key-partners = partners: read and add
key-certificate = certificate
partner-desk = desk: may delete
partner-releases = reads releases
account-on = active
account-off = switched off

# trouble
trouble-title = That did not work
trouble-nothing-here = There is nothing here
trouble-sign-in = Please sign in
trouble-typed = If you were typing: open the new link in another tab, then come back here with the browser's Back button. What you typed is still there.
trouble-home = To the start
trouble-code = Code:
error-not-found = There is nothing at this address, or nothing that you may see. Check the address.
error-unauthorized = This page is for people who are signed in, or your session has ended: after twelve hours, or two without use.
error-forged-form = This form belongs to an earlier session. It has been renewed: check it and press the button again.
error-wrong-origin = This form was sent from another site. Open the page here and send it again.
error-conflict = Somebody decided first, or this was decided before. Open the page again to see how it stands.
error-sent-before = This form was sent before with other content; that report has arrived. Press Send again if this is a new report.
error-no-agreement = Your organisation has no valid signature under the sharing agreement, so nothing can be sent or received. Ask the operator to renew it.
error-unavailable = The hub could not finish this now. Nothing was acknowledged; press the button again in a minute.
error-nothing = The report is empty. Paste a mail, log lines or a list of indicators, attach a file, or write what happened.
error-too-large = A report may have { $mebibytes } MiB, all files together. Send the indicators and the mail; leave out disk images and samples.
error-too-many-files = Send at most 50 files in one report.
error-cut-off = The form did not arrive whole. Nothing was stored; go back and send it again.
error-too-much = This is nested too deeply or has too many values. Split it into several reports.
error-json-truncated = The JSON ends too early: it was probably not copied whole. { $where }
error-json-wrong = This looks like a structured report, but something in it is wrong. { $where }
error-unreadable = This could not be read. Paste it as plain text instead. { $where }
error-hold-unreadable = The time to hold until cannot be read. Choose date and time, or leave it empty.
error-hold-passed = The time to hold until has passed already. Choose a later one, or leave it empty.

# what may be said about the victim
hub-nav-direct = Direct notices
hub-nav-flags = Public cases
outlook-label = You would be called
outlook-candidates = Others it could be
outlook-candidates-value = { $count } members fit this label, the reporter among them
outlook-own = Your share of the suspicion
outlook-best = The best guess of an outsider
outlook-worst = The same if a member colludes
outlook-held = Nothing would be said about the attack now; indicators are shared as usual.
preview-words-none = Choose what kind of attack it was, and you see here what others would be told and how well it hides you.
context-ask-held = If you agree and a label becomes possible later, you are shown it before anything is shared.
context-certificate = Anonymity certificate of what was shared
context-revoked = It was taken back, or will be with the next batch.
report-add = Add to this report: more of the same attack
report-continues = This adds to your report
report-continued = Adds to
desk-context-revoke = Take this context back with the next batch
direct-title = Direct notices
direct-lead = Sent to your organisation and a few others by name, because you have to act now. Whom they are about may be guessed: keep them inside, and do not pass them on.
direct-none = None so far.
direct-about = To a named circle
direct-about-note = The desk asks to tell these members what kind of organisation you are. They may guess that it is you. Nothing is sent without your consent, or two officers and a legal ground.
direct-agree = Yes, tell these members
direct-refuse = No
direct-desk = Direct lane
direct-desk-note = The exception, outside the guarantee: it names the kind of organisation exactly, to named members only. Each one is in a log that all members read, without whom it is about.
direct-new = Propose a direct release
direct-recipients = Who receives it
direct-ground = On what it stands
direct-ground-consent = The reporter's consent
direct-ground-law = Two officers and a legal ground
direct-basis = Legal ground: act and article
direct-propose = Propose
direct-second = Agree as the second officer
direct-call-off = Call it off
direct-proposed = waits for an answer
direct-sent = sent
direct-refused = not sent
flags-title = Cases the public knows of
flags-lead = Enter a case only from public facts: press, the firm's own announcement, an outage everybody saw. While it is fresh, nothing is said about any member of the same group, so that no report is read as being about this firm.
flags-new = Enter a case
flags-choose = Choose a member
flags-since = Known to the public since
flags-basis = Where it can be read
flags-basis-hint = An address, or which paper on which day. This text stays with the desk.
flags-enter = Enter
flags-list = Entered cases
flags-none = None.
flags-held = Its group is silent
flags-over = over
flags-withdraw = Entered by mistake: take back
flags-withdrawn = taken back
outlook-label-desk = The reporter would be called
outlook-own-desk = Its share of the suspicion

# a member's own names
hub-nav-names = Your names
names-title = What you are called
names-lead = The gate looks for these names, in every spelling it knows, in everything that is to be released, whoever reports it. The list is made from your registered names and domains; correct it here.
names-used = Looked for
names-registered = registered
names-added = added by you
names-remove = Do not look for it
names-new = Another name
names-name = Name, short form, brand or plant
names-hint = Other spellings (width, case, kana, Latin letters, look-alikes, one wrong letter) are found by themselves.
names-add = Look for it
names-unused = Proposed, not looked for
names-unused-note = Common words and guesses: looked for only if you say so, because they would hold back what has nothing to do with you.
error-bad-name = Give a name of 2 to 100 letters. Shorter ones are in every text.
error-too-many-names = There are 200 names already. Remove some that nobody uses.
error-no-basis = Say on what it stands, in up to 500 characters: where the public can read it, or the act and its article.
error-no-day = Choose the day since when the public knows.
error-not-yet-public = That day lies ahead. Enter what is public already.
error-no-circle = Choose 1 to 50 members that are to receive it.
error-no-such-report = The report this one adds to is not among your reports. Open the form from that report again.
context-take-back = Take the yes back: share nothing
error-wording-changed = What would be said has changed meanwhile. Read it again before you agree.
error-everyday-name = That word is in ordinary addresses, so it would hold back what has nothing to do with you. Give a longer name.
names-public-id = The published register lists you, without a name, as
