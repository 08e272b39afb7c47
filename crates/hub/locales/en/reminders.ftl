# Texts of reminders: the page, and what the messages say.

reminder-title = Reminders of deadlines
reminder-lead = The hub can write to you, or call a program of yours, before a deadline passes. It reminds of every open deadline of your reports, once for each moment you choose.
reminder-look-below = Look at the field marked below; what you typed is still there.
reminder-mails = Mail addresses
reminder-mails-hint = One a line, at most five. Whoever carries your mail learns that you have a deadline here, and so that you filed a report.
reminder-no-mail = This hub sends no mail: its operator has set up no mail server. Leave this empty.
reminder-webhook-url = Address to call (webhook)
reminder-webhook-hint = Starts with https://. Each call is signed (Standard Webhooks); the secret is shown once, after you save.
reminder-no-webhook = This hub calls no addresses: its operator has not allowed it. Leave this empty.
reminder-when = When
reminder-mark-percent = when { $percent } % of the time are gone
reminder-mark-deadline = at the deadline
reminder-mark-over = { $hours } hours after a deadline that was missed
reminder-language = Language of the messages
reminder-both-languages = 日本語 + English
reminder-detailed = Name the obligation and the deadline in the message
reminder-detailed-hint = Without this a message only says that there is a deadline, with a link to the report's page, which opens after signing in. It never names your organisation or anything of a report.
reminder-try = Send a trial message
reminder-new-secret = Make a new secret
reminder-secret = The secret of your webhook
reminder-secret-note = Keep it now: it is not shown again. Check every call with it (webhook-id, webhook-timestamp, webhook-signature).
reminder-messages = What became of the messages
reminder-messages-note = The newest 100. The operator sees only how many there are and why some fail.
reminder-messages-none = There are no messages yet.
reminder-trial = Trial message
reminder-waiting = waiting to be sent
reminder-sent = sent
reminder-dead = GIVEN UP
reminder-cancelled = cancelled: no longer needed
reminder-superseded = replaced by a later reminder
reminder-attempts = { $count ->
    [one] Tried once.
   *[other] Tried { $count } times.
}
reminder-next = Next attempt:
reminder-again = Try again
reminder-trouble-unreachable = The server cannot be reached.
reminder-trouble-timeout = The server does not answer.
reminder-trouble-tls = The connection could not be secured: no TLS, or a certificate that is not trusted.
reminder-trouble-operator = The hub's own mail server is not set up right; tell the operator.
reminder-trouble-later = The server does not take it for now.
reminder-trouble-refused = The server refuses it; check the address.
reminder-trouble-not-allowed = The address lies in a private network, where the hub does not call.
reminder-trouble-redirect = The address answers with a redirect, which is not followed; name the right one.
reminder-trouble-gone = The address answers that it is gone (410).
reminder-trouble-status = The address answers with status { $status }.
reminder-none-set = Nobody is reminded yet.
reminder-set-mail = { $count ->
    [one] Reminders go to one mail address.
   *[other] Reminders go to { $count } mail addresses.
}
reminder-set-webhook = Reminders go to your webhook.
reminder-set-both = { $count ->
    [one] Reminders go to one mail address and your webhook.
   *[other] Reminders go to { $count } mail addresses and your webhook.
}
reminder-some-wait = { $count ->
    [one] One message waits to be sent.
   *[other] { $count } messages wait to be sent.
}
reminder-some-dead = { $count ->
    [one] One message was given up.
   *[other] { $count } messages were given up.
}
reminder-go = Set reminders
reminder-mail = Mail
reminder-webhook = Webhook
reminder-counts-title = Reminders that go out
reminder-counts-lead = How many messages stand where, over all members. Whose they are and what they are about is not shown.
reminder-column-way = By
reminder-column-state = State
reminder-column-trouble = Last failure
reminder-column-count = Messages

reminder-subject = noroshi: a deadline
reminder-subject-late = noroshi: a deadline has passed
reminder-share = More than { $percent } % of the time for something in noroshi are gone.
reminder-near = A deadline in noroshi is near.
reminder-late = A deadline in noroshi has passed, and nothing was filed. Late is better than never.
reminder-obligation = Obligation: { $name }
reminder-stage = Stage: { $name }
reminder-due = Deadline: { $at }
reminder-where = What to do: { $link }
reminder-foot = To change or end these messages: { $link }
reminder-trial-subject = noroshi: trial message
reminder-trial-text = This is a trial message that somebody of your organisation asked for in noroshi. Reminders of deadlines come this way.

error-no-mail-address = Write one mail address a line, such as soc@example.jp, without a name.
error-too-many-addresses = Name at most five addresses.
error-no-mail-here = This hub sends no mail; leave the field empty.
error-no-webhooks-here = This hub calls no addresses; leave the field empty.
error-no-url = Write an address such as https://hooks.example.jp/noroshi, without a password or anything after a #.
error-not-https = The address must start with https://.
error-private-address = This address lies in a private network. Use one that the internet can reach.
error-no-mark = Choose among the moments that are listed.
error-no-language = Choose a language that is listed.
error-mail-not-ascii = Many mail servers take no letters but a to z before the @. Name another address.
error-too-many-trials = Trial messages go out once in ten minutes, at most five times a day. See what became of the last ones, and try again later.
