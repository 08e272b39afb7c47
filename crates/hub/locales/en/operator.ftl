# The operator's pages.

operator-tab-overview = Overview
operator-tab-members = Members
operator-tab-agreements = Agreements
operator-tab-keys = Keys
operator-tab-accounts = Accounts
operator-tab-sessions = Sessions
operator-tab-partners = Partners
operator-tab-feeds = Feeds
operator-tab-jobs = Jobs
operator-tab-storage = Storage
operator-tab-audit = Audit trail
operator-saved = Done. A running hub follows with its next tick.
operator-attention = Needs attention
operator-nothing = Nothing now.
operator-trail-note = Who reported and what is for the desk alone and never shown here.
operator-show = Show
operator-search = Search
operator-next = Next page
operator-none = None.
operator-authorities = Authorities
operator-authorities-how = Their keys are imported on the server, after comparing the signer by another way:
attention-rejected = { $count ->
    [one] One object
   *[other] { $count } objects
  } on the shelf failed verification: somebody changed it
attention-unsigned = { $count ->
    [one] One member has
   *[other] { $count } members have
  } no valid signature and can neither send nor receive
attention-ending = { $count ->
    [one] The agreement of one member ends
   *[other] The agreements of { $count } members end
  } within 30 days
attention-keys = { $count ->
    [one] One key ends
   *[other] { $count } keys end
  } within 30 days
attention-no-backup = No backup was ever made
attention-old-backup = The last backup is older than a week
attention-job = This failed at its last run: { $job }

once-link-title = A sign-in link
once-link = Give it to its person over a channel you trust. It works once, for one day, and is shown only now.
once-key-title = A key
once-key = Give it to its owner over a channel you trust. It is shown only now; if it is lost, make another one. Outlets know it with the next tick.
once-back = Done

members-search = Name, label, domain or id
members-all = everybody
members-unsigned = without a valid signature
members-ending = agreement ends within 30 days
members-left = those that left
members-new = Add a member
members-one-a-line = Domains, networks, names and brands: one a line. They may stay empty and be added later.
members-add = Add the member
member-name-ja = Registered name in Japanese
member-name-en = Registered name in English
member-label = Label path
member-label-hint = Super-sector/sector/sub-sector, such as energy/electricity/utilities
member-weight = Weight
member-weight-hint = How likely an outsider thinks it is a victim: 1 small, 2 middle, 4 large
member-id = Id
member-joined = Joined
member-names = Names and label
member-change-note = The published register follows: it names nobody, but another label path or weight shows in its next version.
member-assets = What belongs to it
member-assets-note = Never released, whoever reports it.
member-own = Add
member-disown = Remove
member-end = Leaving
member-end-note = After withdrawing, the member neither sends nor receives until it signs again. A member that left stays in the register's history, and its names stay protected; it cannot come back under the same id.
member-sure = I am sure
member-leave = The member leaves
asset-domain = Domain
asset-network = Network
asset-alias = Other name
asset-brand = Brand, product or project
asset-not-alias = Not to be looked for

agreement-versions = Versions
agreement-published = published
agreement-cut = Only the beginning is shown.
agreement-new = Publish a new version
agreement-new-note = A published text never changes. Signatures under older versions hold until they end.
agreement-text = The full text
agreement-publish = Publish
agreement-signatures = Who signed
agreement-signatures-note = Signatures are recorded by the operator on the member's page; who recorded one is in the audit trail.
agreement-sign = Record a signature
agreement-withdraw = Withdraw the agreement
agreement-withdrawn = withdrawn
operator-column-version = Version
operator-column-signer = Signed by
operator-column-signed = Signed
operator-column-until = Holds until
operator-column-kind = Kind
operator-column-value = Value
operator-column-do = Do

keys-note = Keys are made on the page of their member. What a key was last used for is not kept.
keys-search = Member, label or id of the key
keys-all = all
keys-ending = ending within 30 days
key-label = What the member calls it
key-days = Days it holds
key-may-read = may read releases
key-may-report = may report
key-make = Make a key
key-rotate = Replace
key-revoke = Take back

accounts-search = Name, sign-in name or id
accounts-all = everybody
accounts-new = Add somebody of the hub
accounts-new-note = People of a member are added on that member's page.
accounts-password-since = password since
accounts-links-only = signs in with links
account-add = Add and show the sign-in link
account-id = Id
account-help = Help its person in
account-link = Make a link
account-link-note = A one-time link for a day. Password and phone stay as they are.
account-sure = I am sure (for what follows)
account-reset = Reset password and phone
account-reset-note = Takes password, phone and recovery codes away, signs the person out, and makes a link to set them anew. Make sure by another way that it is the right person who asks.
account-disable = Switch off
account-disable-note = Signs the person out; links and password work no more.
account-enable = Switch on again
account-enable-note = The password and the phone of before work again. Were they known to others? Then reset them right after.

sessions-note = Members' people are not listed: who of them is at work at the time of a release would tell who reported. Their sessions can be ended on the page of the account.
sessions-end-all = End all sessions

partner-new = Add a partner
partner-add = Add the partner
partner-remove = Remove, with all its keys
operator-column-obligations = Filings of

jobs-note = As it went since the hub was started.
jobs-runs = runs:
jobs-not-yet = not yet
jobs-failing = The last run failed
operator-column-job = Job
operator-column-last = Last run
operator-column-failed = Last failure
operator-column-next = Next
job-tick = Tick
job-tick-what = judges again, signs and releases indicators
job-delivery = Delivery
job-delivery-what = puts signed batches on the shelf
job-documents = Documents
job-documents-what = puts certificates, registers and lists on the shelf
job-days = Days
job-days-what = closes the day's tree of receipts
job-mailbox = Mailbox
job-mailbox-what = publishes the list of sealed questions
job-context = Context batch
job-context-what = releases approved context with its certificates
job-backup = Backup
job-backup-what = copies both databases, when asked to

storage-backups = Backups
storage-last-backup = Last backup
storage-no-backup = never
storage-to = A new folder is made in
storage-secret = A backup holds everything that was reported, and the signing key. Keep it as safe as the hub.
storage-backup-now = Make a backup now
storage-no-folder = No folder for backups is configured (hub.backups). On the server:
storage-sizes = Databases
storage-by-server = kept by PostgreSQL
storage-rows = Rows of the vault
storage-rows-note = Roughly: an exact number would tell when a report came in.
operator-column-database = Database
operator-column-place = Where
operator-column-size = Size
operator-column-table = Table
operator-column-rows = Rows

feeds-waiting = Batches waiting for the shelf
feeds-documents = Documents waiting for the shelf
feeds-readers = Keys of members that may read
feeds-note = Block lists and the stream are made of the collection signals. Which key read what and when is not kept.
operator-column-collection = Collection
operator-column-batches = Batches

audit-note = Administration, and how people of the hub sign in. What is done with reports, and when members' people sign in, is not here.
audit-from = From
audit-to = To
audit-any = any
audit-actor = Who (id)
audit-subject = About (id)
operator-column-subject = About

error-unknown = There is no such thing any more. Open the page again.
error-bad-member = This member cannot be added so: check names, label path (three steps, as those of others) and weight.
error-bad-value = A value cannot be used: check domains (example.co.jp), networks (192.0.2.0/24) and names (two letters at least).
error-bad-agreement = An agreement needs a version and a text.
error-bad-expiry = Choose a day that lies ahead.
error-no-agreement-text = Publish the agreement's text first.
error-bad-key = A key must read or report, and hold for a day at least.
error-bad-partner = A partner needs a name.
error-partner-known = There is a partner of this name already.
error-not-sure = Tick the box beside the button first.
error-no-signer = Say who signed, in up to 200 letters.
error-no-name = Say who it is.
error-no-backup-folder = Set hub.backups in the configuration first, or use noroshi admin backup.
