# the desk: queue
desk-pages = Pages of the desk
desk-page-queue = Queue
queue-list = What waits
queue-kinds = Kinds of work
queue-kind-all = All
queue-kind-report = New reports
queue-kind-context = Descriptions
queue-kind-value = Kept-back values
queue-kind-answer = Answers
queue-kind-direct = Direct lane
queue-kind-recall = To withdraw
queue-kind-mine = Mine
queue-kind-paused = Put aside
queue-one-report = new report
queue-one-context = description to review
queue-one-value = kept back
queue-one-answer = answer
queue-one-direct = second officer
queue-one-recall = to withdraw?
queue-filter = Filter
queue-urgency = Urgency
queue-waits = Waits longer than
queue-any = any
queue-upto-0 = now
queue-upto-1 = today and sooner
queue-upto-2 = soon and sooner
queue-age-1h = 1 hour
queue-age-24h = 1 day
queue-age-7d = 1 week
queue-apply = Show
queue-nothing = Nothing waits here.
queue-total = { $count ->
    [one] { $count } thing to do, the most urgent first.
   *[other] { $count } things to do, the most urgent first.
}
queue-taken = taken by
queue-me = me
queue-untitled = Report without a title
queue-in-reports = in { $count } reports
queue-recipients = { $count ->
    [one] to { $count } member
   *[other] to { $count } members
}
queue-hold = hold ends in { $span }
queue-clock = legal deadline in { $span }
queue-aside = put aside until taken up again
queue-aside-for = put aside for { $span } more
queue-first = First page
queue-next = Next page
queue-paging = Pages
urgency-0 = now
urgency-1 = today
urgency-2 = soon
urgency-3 = when there is time
why-safety = danger to people
why-impact = service or data affected
why-severe = attack that spreads or destroys
why-serious = somebody is inside
why-foothold = foothold
why-essential = essential service
why-shared = seen by several members
why-mandatory = report required by law
span-minutes = { $count } min
span-hours = { $count } h
span-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
}

# acts
act-read = Mark as read
act-review = Mark as read
act-reopen = Put back into the queue
act-take = Take it
act-release = Give it back
act-hold = Put aside
act-lift = Take up again
act-seen = Answers read
act-decide = Read and decide
hold-about = The report leaves the queue for this time. A description that was approved but is not out waits for the desk again. Indicators go out as usual.
hold-reason = Reason
hold-long = How long
hold-note = Note for the desk (never leaves it)
hold-reporter = waits for the reporter
hold-second-opinion = needs a second opinion
hold-authority = waits for an authority
hold-vendor = waits for a vendor
hold-in-the-news = the case is in the news
hold-other = another reason
hold-1 = 1 hour
hold-4 = 4 hours
hold-24 = 1 day
hold-72 = 3 days
hold-0 = until taken up again
state-title = Where it stands
state-unread = not read yet
state-read = read by { $name }, { $when }
state-mine = you have it
state-taken = { $name } has it
state-free = nobody has taken it
state-hold = Put aside by { $name }: { $reason }, { $span }
presence = Looking at this report now: { $names }
report-up = Back to the queue

# keys
keys-title = Keys
keys-are-on = on
keys-are-off = off
keys-on = Switch single keys on
keys-off = Switch single keys off
keys-next = next row
keys-previous = previous row
keys-open = open the row
keys-approve = approve, release, mark as read
keys-hold = put aside, keep back
keys-ask = ask the reporter
keys-revoke = withdraw (a page asks once more)
keys-take = take the report, or give it back
keys-up = back to the queue
keys-filter = to the filter
keys-help = this list

# two analysts, confirmation
conflict-title = A colleague was first
conflict-somebody = Somebody decided this before you.
conflict-nothing = Your decision changed nothing. What you entered is below.
conflict-kept = What you wanted to do
conflict-yours = Your decision
conflict-question = Your question
conflict-look = Look at how it stands now
conflict-again = Do it all the same
conflict-ask = Ask it all the same
conflict-still = All the same: { $deed }
confirm-indicator = Withdraw this indicator?
confirm-indicator-note = With the next tick every member's tools forget it. It does not come back, also when it is reported again.
confirm-context = Withdraw this description?
confirm-context-note = It is taken back with the next batch. Whoever read it has read it.
confirm-yes = Withdraw it
confirm-no = Leave it as it is

# the text
mark-member = member
mark-member-why = The name of a member: { $name }.
mark-reporter = reporter
mark-reporter-why = The reporter's own name: { $name }.
mark-inside = inside
mark-private = private address
mark-recipient = recipient
mark-recipient-why = Somebody who received the mail.
mark-none = no indicator
mark-left-out = left out
mark-left-out-why = It looks like an indicator and was not taken: a recipient's, or beyond the limit.
legend-goes = shared
legend-waits = waits for the desk
legend-stays = kept back
legend-victim = points to a victim
legend-none = no indicator
original-head = Head of the mail
original-more = Show the rest
original-back = Back to the report
original-start = From the start

# compose
compose-title = Change what would be said
compose-note = Only words of the closed list can be said. The desk and then the reporter approve the exact words again.
compose-start = Start from:
compose-nothing = (say nothing)
compose-techniques = { $count } chosen
compose-keep = Keep this choice and see the exact words

# related, campaigns
related-title = May be of the same attacker
related-none = No other report has enough in common with this one.
related-strong = strong ({ $count } points)
related-medium = medium ({ $count } points)
related-weak = weak ({ $count } points)
link-value = { $kind } { $value }, named by { $reports } reports
link-sender = same sender { $value }
link-sender-domain = senders of { $value }
link-subject = same subject of the mail
link-technique = same technique: { $value }
link-attack-type = same kind of attack: { $value }
link-initial-access = same way in: { $value }
link-time = { $count } hours apart
campaigns-title = Campaigns
campaigns-note = Which reports belong together stays at the desk. It changes nothing that leaves the hub.
campaigns-none = No campaign yet. Group reports below, or on the page of a report.
campaigns-proposed = Name the same things
campaigns-proposed-note = Reports that share values and belong to no campaign.
campaign-one = Campaign
campaign-name = Campaign
campaign-size = Reports
campaign-opened = Opened
campaign-closed = closed
campaign-reports = { $count ->
    [one] { $count } report
   *[other] { $count } reports
}
campaign-empty = No report belongs to it any more.
campaign-members = Members hit
campaign-list = Reports, the oldest first
campaign-values = What they name
campaign-timeline = Reports over time
campaign-part = Take out
campaign-close = Close the campaign
campaign-reopen = Open it again
campaign-new = Make this a campaign
campaign-add = Add to { $name }
campaign-into = Into
campaign-fresh = a new campaign
campaign-group = Group the chosen reports with this one

# hour by hour
now-title = Hour by hour
now-span = { $count } hours
now-spans = Length
now-made = as of
now-reports = Reports
now-released = Indicators released
now-held = Items kept back
now-delivered = Batches delivered
now-summary = { $total } in all, at most { $most } in one bar
now-table = As a table
now-hour = From
now-count = Number
now-types = Kinds of attack
now-unsaid = not said
now-share = Share
now-events = Newest events
now-when = When
now-who = Who
now-deed = What
now-nothing = Nothing in this time.

# history
desk-history = History
who-hub = the hub
who-reporter = the reporter
who-silence = nobody (silence)
deed-report-file = filed the report
deed-context-compose = changed what would be said
deed-context-desk-approved = approved the description for the desk
deed-context-approved = agreed to the description
deed-context-declined = declined the description
deed-context-revoke = withdrew the description
deed-context-asked-again = asked the reporter again
deed-quarantine-release = released a kept-back value
deed-quarantine-refuse = kept a value back for good
deed-question-ask = asked a question
deed-question-answer = answered a question
deed-question-seen = read the answers
deed-direct-propose = proposed a direct release
deed-direct-send = agreed to a direct release
deed-direct-refuse = refused a direct release
deed-indicator-revoke = withdrew an indicator
deed-desk-review = marked it as read
deed-desk-reopen = put it back into the queue
deed-desk-take = took it
deed-desk-release = gave it back
deed-desk-hold = put it aside
deed-desk-lift = took it up again
deed-campaign-open = opened a campaign
deed-campaign-add = put it into a campaign
deed-campaign-remove = took it out of a campaign
deed-campaign-close = closed a campaign
deed-campaign-reopen = opened a campaign again
deed-filing-file = filed a report to an authority
deed-case-answer = answered questions of the case
deed-case-event = noted an event of the case
