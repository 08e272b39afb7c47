# Signing in with a password, and one's own account.

sign-in-login = Sign-in name
sign-in-password = Password
sign-in-code = Code of your phone
sign-in-code-hint = Six digits of your authenticator app. Phone lost? Type one of your recovery codes.
sign-in-refused = That did not fit. Check sign-in name, password and code, and wait for the next code before you try again: each works once.
sign-in-wait = Too many attempts failed. Try again in { $seconds ->
    [one] one second
   *[other] { $seconds } seconds
  }, or ask the operator for a one-time link: links work at once.
sign-in-no-password = No password yet, or lost it?
sign-in-with-password = Sign in with a password
error-password-short = The password is too short. It needs at least 12 characters; a few words in a row are good.
error-password-long = The password is too long. 256 characters are the most.
error-password-weak = That is among the first passwords anybody tries. Choose another; a few words in a row are good.
error-password-differs = The two passwords differ. Type the same one twice.
error-bad-login = A sign-in name has 3 to 64 letters a to z, digits and . _ - @ +, and starts with a letter or digit.
error-login-taken = This sign-in name cannot be used. Choose another.
error-code-wrong = The code is not the one your phone shows now. Check the phone's clock, wait for the next code and type it.
error-prove-first = Prove once more who you are before you change what you sign in with. Open your account again.
error-unknown-zone = Choose a time zone of the list.

account-title = Your account
account-saved = Done. The change is kept.
account-no-login = none yet; you choose it with your first password
account-secrets = How you sign in
account-password = Password with phone
account-since = since
account-codes = Recovery codes left
account-recovered = You signed in with a recovery code. If your phone is lost, set up another one now: whoever has it still sees your codes.
account-change-password = Change the password
account-change-phone = Set up another phone
account-new-codes = Make new recovery codes
account-change-note = Each change ends your other sessions and asks for password and code first if you signed in more than 15 minutes ago.
account-links-only = You sign in with one-time links that the operator makes for you. With a password and a phone you need nobody, also at 3 a.m.
account-sessions = Where you are signed in
account-sessions-note = Times are shown to the hour. A session ends after 12 hours, or after 2 hours without use. What browser it is and from where is not kept.
account-here = this session
account-end = End it
account-end-others = End all others
account-end-all = Sign out everywhere
account-reading = Language and time zone
account-language = Language
account-as-browser = As the browser asks
account-zone = Time zone of dates
account-zone-hint = UTC stands beside it. What holds for whole days is in UTC.
account-as-language = UTC; for Japanese pages Japan's time beside it
account-keep = Save
account-column-means = Signed in with
account-column-started = Since
account-column-seen = Last used
account-column-end = End
means-link = one-time link
means-password = password and phone
means-recovery = password and recovery code

confirm-title = Is it you?
confirm-lead = Before you change what you sign in with, type what you sign in with now.
confirm-refused = That did not fit. Check password and code, and wait for the next code before you try again: each works once.
confirm-button = Go on
confirm-back = Back to your account
confirm-by-link = You signed in more than 15 minutes ago, and your account has no password to ask for. Sign in once more with a new one-time link, then set the password.

secret-first-title = Set a password
secret-first-lead = You sign in with a name, a password and a code of your phone. All three are set here together: a password alone would open your account to whoever finds it out.
secret-password-title = Change the password
secret-password-lead = The phone stays as it is.
secret-phone-title = Set up another phone
secret-phone-lead = The password stays as it is. The old phone's codes and the old recovery codes work no more.
secret-login-hint = 3 to 64 letters a to z, digits and . _ - @ +. Your mail address is fine. It cannot be changed by yourself later.
secret-new-password = New password
secret-password-hint = At least { $minimum } characters, any you like; a few words in a row are good. Nobody asks you to change it every few months.
secret-again = The same once more
secret-phone = Phone
secret-scan = Scan this with an authenticator app, such as Aegis, FreeOTP, Google or Microsoft Authenticator.
secret-qr = QR code with the secret for an authenticator app; the same as text is below
secret-type = Cannot scan? Type it instead
secret-key = Secret
secret-address = As an address
secret-code = Code that the phone shows now
secret-ends-others = Your other sessions end, and one-time links that were not used.
secret-set = Save

codes-title = Your recovery codes
codes-lead = Print them or write them down, and keep them away from your phone. Each stands for the phone once. They are shown only now.
codes-kept = I have kept them
