# English. The words are the original's where it has some.
# Each language is one such file: copy this one to its tag, like fr.ftl, and translate what stands behind each "=".

language-name = English

# Dates. $iso is 2018-01-31, $year, $month and $day are its numbers, and $clock is 13:05.
date = { $iso }
moment = { $iso } { $clock } UTC

# Every page
skip-to-content = Skip to content
site-description = What people write on { $site }.
drafts = Drafts
log-out = Log Out
register = Register
log-in = Log In
save = Save
delete = Delete
keep-it = Keep it
edit = Edit
pages = Pages
reason = Reason
password = Password
former-user = a former user
language = Language
theme = Appearance
theme-auto = As the device
theme-light = Light
theme-dark = Dark

# Keys, and what else the script says
keys = Keyboard shortcuts
keys-next = Next in a list
keys-previous = Previous in a list
keys-edit = Edit the post that you read
keys-help = This list
keys-control-enter = Ctrl+Enter
keys-send = Publish or send what you write
keys-control-s = Ctrl+S
keys-save = Keep what you write as a draft, or save it
keys-alone = Keys without Ctrl work in this browser
close = Close
preview-comes = A preview comes here as you write.
preview-follows = This preview follows what you write.
images-sending = Sending the images

# Lists
posts = Posts
posts-by = Posts by { $author }
posts-tagged = Posts tagged { $tag }
new = New
by-on = by { $author } on { $date }
by-on-changed = by { $author } on { $date }, changed on { $changed }
newer-posts = Newer posts
older-posts = Older posts
no-posts = There are no posts yet.
no-posts-register = There are no posts yet. { $link } to write the first one.
write-first-post = Write the first post
tags = Tags
no-tags = No post has a tag yet.
more-tags = More tags
search = Search
search-posts = Search posts
search-heading = Search: { $words }
search-empty = No post has all of these words. Fewer words, or the beginning of one, find more.
more-results = More results

# One post
likes = { $count ->
    [one] { $count } like
   *[other] { $count } likes
}
like = Like
unlike = Unlike
log-in-to-like = Log in to like this
newer-post = Newer: { $title }
older-post = Older: { $title }
posts-around = Posts before and after
unpublish = Unpublish

# Writing
new-post = New Post
edit-post = Edit "{ $title }"
edit-draft = Edit Draft
as-stored = As it is stored: { $title }
stored-tags = Tags: { $tags }
as-you-wrote = As you wrote it
preview-of = Preview: { $title }
title = Title
body = Body
text = Text
format = Format
format-hint = Markdown makes **bold**, [links](https://…), lists, tables and code; plain text is shown as it is typed.
format-markdown = Markdown
format-plain = Plain text
tags-hint = Separated by commas.
publish = Publish
keep-as-draft = Keep as Draft
preview = Preview
images = Images
images-hint = JPEG, PNG, GIF or WebP. Each is added at the end of the text, where it can be moved.
image-number = Image { $number }
image-waiting = What you sent as image { $number }
image-alt = What it shows, for those who cannot see it
image-decorative = Decorative: it shows nothing that the text does not say
changed-meanwhile = This was changed while you wrote. Nothing of yours is stored yet: take over below what you need, and save again.

# Drafts and deleted posts
no-drafts = No drafts. What you keep instead of publishing it is here, for you alone.
draft-changed = changed { $moment }
untitled = Without a title
deleted-posts = Deleted posts
deleted-posts-hint = They can be brought back for { $days } days, with their place and their comments.
unpublished-on = unpublished by a moderator on { $date }
deleted-on = deleted on { $date }
bring-back = Bring Back
bring-back-named = Bring back { $title }
more = More
delete-named = Delete "{ $title }"?
delete-post-hint = Nobody will see it any more. For { $days } days you can bring it back from { $drafts }.
your-drafts = your drafts
delete-draft-hint = A draft that is deleted cannot be brought back.

# Comments
comments = Comments
comments-on = Comments on "{ $title }"
comment-on = Comment on "{ $title }"
comment-by = by { $author }, { $moment }
comment-by-changed = by { $author }, { $moment }, changed { $changed }
comment-entry = { $author } on "{ $title }"
no-comments = No comments yet.
earlier-comments = Earlier comments
later-comments = Later comments
edit-comment-of = Edit your comment of { $moment }
delete-comment-of = Delete the comment of { $moment }
approve = Approve
approve-comment-of = Approve the comment of { $moment }
comment-waits = This comment waits to be approved. Others do not see it yet.
your-comment = Your comment
comment-approval-hint = Others see it once the author of the post or a moderator has approved it.
comment = Comment
log-in-to-comment = { $link } to write a comment.
log-in-inline = Log in
edit-comment = Edit Comment
delete-comment = Delete Comment
delete-comment-question = Delete this comment under { $post }? It cannot be brought back.
under-post = Under { $post }
back-to-comment = Back to the comment
back-to-comments = Back to the comments
waiting-comments = Waiting Comments
no-waiting-comments = No comment waits for you.

# Moderation
moderation-log = Moderation Log
no-moderation = No moderator has done anything yet.
act-delete-comment = { $moderator } deleted a comment of { $author } under { $post }
act-approve-comment = { $moderator } approved a comment of { $author } under { $post }
act-unpublish-post = { $moderator } unpublished the post of { $author } at { $post }
act-republish-post = { $moderator } brought back the post of { $author } at { $post }
reason-given = Reason: { $reason }
reason-hint = Other moderators see it in the log, with the beginning of the text.
earlier = Earlier
unpublish-named = Unpublish "{ $title }"?
unpublish-hint = Nobody will see it any more, nor its comments. For { $days } days a moderator can bring it back from the { $log }; its author cannot.
moderation-log-inline = moderation log

# Logging in
username = Username
new-password = New password
password-hint = At least { $count } characters; four unrelated words are good.
code = Code
code-hint = The six digits that your authenticator app shows, or one of your recovery codes.
log-out-question = Another site sent you here. Do you want to log out?
new-password-heading = New Password
reset-hint = For the account of { $username }. Every session of it ends.
set-password = Set Password
resume-heading = What You Wrote
resume-hint = You are logged in. Nothing of this is stored yet: send it once more.
send = Send

# The account
account = Account
comments-that-wait = Comments that wait for you
profile = Profile
profile-line = About you, in a line
profile-hint = Shown on { $page }, to everybody.
profile-page = the page of your posts
language-and-appearance = Language and appearance
preferences-hint = They come along to each browser that you log in with.
current-password = Current password
new-password-hint = At least { $count } characters; four unrelated words are good. Every other session ends.
change-password = Change Password
second-factor = Second factor
second-factor-on = A login asks for a code of your authenticator app. You have { $count } recovery codes left; turning it off and on again makes new ones.
second-factor-off = With an authenticator app on your phone, a stolen password alone opens nothing. { $link }
set-up-second-factor = Set up a second factor
turn-off = Turn Off
turn-on = Turn On
api-tokens = API tokens
api-tokens-hint = Programs act for you with tokens. { $link }
manage-api-tokens = Make, see and revoke tokens
sessions = Sessions
sessions-password = Password, to end a session
unknown-browser = Unknown browser
session-from = { $agent }, from { $address }
session-this = Logged in { $created }. { $this }
this-browser = This browser
session-other = Logged in { $created }, last seen { $seen }
end = End
end-session-of = End the session of { $moment }
end-all-others = End All Others
what-you-wrote = What you wrote
download-hint = { $link } as Markdown files.
download-posts = Download your posts and drafts
delete-your-account = Delete your account
delete-account = Delete Account
delete-account-hint = This cannot be undone. Your drafts go too; you may want to { $link } first.
download-posts-inline = download your posts
posts-stay = Stays: posts and comments, under a name that is nobody's
posts-go = Goes: posts, with all comments on them, and my comments elsewhere
recovery-codes = Recovery Codes
recovery-codes-hint = The second factor is on. If you lose your app, each of these codes logs you in once. Write them down now: they are not shown again.
back-to-account = Back to your account
second-factor-heading = Second Factor
second-factor-hint = Let your authenticator app read this picture, or type the key into it.
second-factor-key = Key: { $key }
second-factor-code = Code that the app shows

# Tokens
tokens-heading = API Tokens
token-made = This is the token. Copy it now: it is not shown again.
tokens-hint = With a token a program acts for you, without your password: { $header }. It cannot change your account, and ends when your password changes. { $link } (OpenAPI)
api-description = Description of the API
new-token = New token
token-name = What is it for?
token-scope = It may
token-read = read what you see
token-write = read, and write as you
token-lifetime = It ends
token-days = in { $days } days
token-endless = when I revoke it
make-token = Make Token
tokens = Tokens
revoke-password = Password, to revoke a token
token-reads = { $name }, reads
token-reads-and-writes = { $name }, reads and writes
token-times = Made { $created }, { $expires }, { $used }
token-ends = ends { $date }
token-has-no-end = has no end
token-last-used = last used { $date }
token-never-used = never used
revoke = Revoke
revoke-named = Revoke { $name }
revoke-all = Revoke All
no-tokens = There are none. You can have { $count }.

# What was done
saved = Saved.
post-published = Published.
post-deleted = Deleted. You can bring it back from your drafts.
post-brought-back = Brought back.
post-unpublished = Unpublished.
draft-kept = Kept as a draft.
draft-deleted = The draft is deleted.
comment-deleted = The comment is deleted.
comment-approved = Approved.
registered = You are registered. Log in with your name and password.
logged-out = You are logged out.
password-set = The password is set. Log in with it.
sessions-ended = Ended.
second-factor-turned-off = The second factor is off.
token-revoked = Revoked.
account-deleted = Your account is deleted.
password-changed = { $strength ->
    [weak] Password changed; it is weak. Every other session has ended.
    [fair] Password changed; it is fair. Every other session has ended.
   *[strong] Password changed; it is strong. Every other session has ended.
}

# What is wrong with a form
username-required = Username is required.
password-required = Password is required.
title-required = Title is required.
user-taken = User { $username } is already registered.
incorrect-username = Incorrect username.
incorrect-password = Incorrect password.
incorrect-login = Incorrect username or password.
incorrect-code = Incorrect code.
incorrect-code-clock = Incorrect code. Is the clock of your device right?
account-disabled = This account is disabled. Ask the administrator.
login-took-too-long = That took too long. Please log in again.
logged-out-kept = You are not logged in any more. What you wrote is kept while you log in.
profile-too-long = The line can have { $most } characters at most. This one has { $count }.
password-too-short = Password must have at least { $least } characters.
password-common = Password is among the first to be guessed. { $advice }
tag-comma = A tag cannot have a comma in it.
tag-too-long = A tag can have { $most } characters at most.
tags-too-many = A post can have { $most } tags at most.
comment-empty = A comment needs a text.
comment-too-long = A comment can have { $most } characters at most. This one has { $count }.
comments-too-many = You have written too many comments at once. Please send it again in { $seconds } seconds.
comments-none-approved = None of your last comments has been approved yet. Please wait until one is.
reason-too-long = A reason can have { $most } characters at most.
token-name-required = A token needs a name.
token-name-too-long = A name can have { $most } characters at most.
tokens-too-many = There are { $most } tokens, as many as there can be. Revoke one first.
images-not-taken = Not every image could be taken: see below.
images-too-many = A form takes { $most } images; the others were left out.
images-too-large = All images of a form together may have { $most } MiB.
images-unused = You have sent { $count } images, or { $most } MiB, that are in no post. They are deleted after a day.
image-file = { $file }: { $problem }
image-nameless = The image
image-no-picture = This is no picture in JPEG, PNG, GIF or WebP.
image-unreadable = This picture cannot be read here.
image-damaged = This picture is damaged, or of a kind that cannot be read here.
image-too-large = This picture is too large; it may have { $most } million pixels.
image-too-many-pixels = This picture is { $width } by { $height } pixels; it may have { $most } million.
image-too-long = This animation is too long: it may have { $frames } pictures, and { $most } million pixels in all of them.
image-gone = The image was sent too long ago. Please send it again.
image-needs-alt = Describe the image for those who cannot see it, or say that it is decorative.
image-alt-too-long = The description may have { $most } characters.

# Advice on a password
advice-straight-rows = Straight rows of keys are easy to guess.
advice-keyboard-patterns = Short keyboard patterns are easy to guess.
advice-repeats = Repeats like "aaa" are easy to guess.
advice-repeated-groups = Repeats like "abcabcabc" are only slightly harder to guess than "abc".
advice-top-ten = This is a top-10 common password.
advice-top-hundred = This is a top-100 common password.
advice-very-common = This is a very common password.
advice-similar-to-common = This is similar to a commonly used password.
advice-sequences = Sequences like abc or 6543 are easy to guess.
advice-recent-years = Recent years are easy to guess.
advice-one-word = A word by itself is easy to guess.
advice-dates = Dates are often easy to guess.
advice-names = Names and surnames by themselves are easy to guess.
advice-common-names = Common names and surnames are easy to guess.
advice-use-words = Use a few words, avoid common phrases.
advice-no-symbols-needed = No need for symbols, digits, or uppercase letters.
advice-add-words = Add another word or two. Uncommon words are better.
advice-capitals = Capitalization doesn't help very much.
advice-all-capitals = All-uppercase is almost as easy to guess as all-lowercase.
advice-reversed = Reversed words aren't much harder to guess.
advice-substitutions = Predictable substitutions like '@' instead of 'a' don't help very much.
advice-longer-pattern = Use a longer keyboard pattern with more turns.
advice-avoid-repeats = Avoid repeated words and characters.
advice-avoid-sequences = Avoid sequences.
advice-avoid-recent-years = Avoid recent years.
advice-avoid-own-years = Avoid years that are associated with you.
advice-avoid-own-dates = Avoid dates and years that are associated with you.

# Error pages: the name of each status, and what it is about
status-400 = Bad Request
status-403 = Forbidden
status-404 = Not Found
status-405 = Method Not Allowed
status-408 = Request Timeout
status-413 = Payload Too Large
status-421 = Misdirected Request
status-429 = Too Many Requests
status-500 = Internal Server Error
status-503 = Service Unavailable
bad-request = The browser (or proxy) sent a request that this server could not understand.
forbidden = You don't have the permission to access the requested resource. It is either read-protected or not readable by the server.
cross-site = This was sent from another site. Open the page here, and send it again.
not-found = The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.
no-such-post = Post id { $id } doesn't exist.
no-such-comment = Comment id { $id } doesn't exist.
method-not-allowed = The method is not allowed for the requested URL.
too-slow = The form took too long to arrive. Please send it again.
too-large = The data value transmitted exceeds the capacity limit.
misdirected = There is no such site here. This one is at { $origin }.
too-many-attempts = There were too many failed attempts. Please try again in { $seconds } seconds. A browser that was logged in before is not hindered by the attempts of others.
busy = There is too much to do at the moment. Please try again in a few seconds.
database-away = The database of this site cannot be reached at the moment. Nothing that you sent was stored. Please try again in a few seconds.
shown-from-memory = The database of this site cannot be reached at the moment. This page is as it was a short while ago; nothing can be written, and you are shown what everybody sees.
disk-broken = The storage of this site does not work at the moment. Nothing that you sent was stored. Please try again in a few minutes.
database-damaged = The storage of this site is damaged. What can still be read is shown, and nothing is stored until it is mended. Nothing that you sent was stored.
outcome-unknown = It is not certain whether what you sent was stored. Please send it again in a few seconds: a post will not be there twice.
internal-error = The server encountered an internal error and was unable to complete your request. Either the server is overloaded or there is an error in the application.
incident = The log of this site has it as { $name }: tell the administrator that name.
to-front-page = To the front page
comments-off = This site has no comments.
registration-closed = Registration is closed.
registration-by-invite = Registration needs an invite that is not used yet and not older than a week. Ask the administrator for a link.
invite-used = This invite was used in the meantime.
link-void = This link is void: it was used, is older than a day, or the password was changed since. Ask the administrator for another.
download-too-large = You wrote more than one download holds. Ask the administrator for it: flaskr-admin export has no limit.
