# 한국어

language-name = 한국어

# Dates. $iso is 2018-01-31, $year, $month and $day are its numbers, and $clock is 13:05.
date = { $year }년 { $month }월 { $day }일
moment = { $year }년 { $month }월 { $day }일 { $clock } UTC

# Every page
skip-to-content = 본문으로 건너뛰기
site-description = { $site }에 올라온 글입니다.
drafts = 초안
log-out = 로그아웃
register = 회원 가입
log-in = 로그인
save = 저장
delete = 삭제
keep-it = 그대로 두기
edit = 고치기
pages = 페이지
reason = 이유
password = 비밀번호
former-user = 탈퇴한 사용자
language = 언어
theme = 화면 모드
theme-auto = 기기 설정에 따름
theme-light = 밝게
theme-dark = 어둡게

# Keys, and what else the script says
keys = 키보드 단축키
keys-next = 목록의 다음 항목
keys-previous = 목록의 이전 항목
keys-edit = 읽고 있는 글 고치기
keys-help = 단축키 목록
keys-control-enter = Ctrl+Enter
keys-send = 쓰고 있는 글을 게시하거나 보내기
keys-control-s = Ctrl+S
keys-save = 쓰고 있는 글을 초안으로 두거나 저장하기
keys-alone = 이 브라우저에서 Ctrl 없이 누르는 단축키 쓰기
close = 닫기
preview-comes = 글을 쓰면 여기에 미리 보기가 나타납니다.
preview-follows = 쓰는 대로 미리 보기가 바뀝니다.
images-sending = 그림을 보내는 중

# Lists
posts = 글
posts-by = { $author } 님의 글
posts-tagged = ‘{ $tag }’ 태그가 붙은 글
new = 새 글
by-on = { $author } · { $date }
by-on-changed = { $author } · { $date } ({ $changed } 고침)
newer-posts = 더 새로운 글
older-posts = 더 오래된 글
no-posts = 아직 글이 없습니다.
no-posts-register = 아직 글이 없습니다. 첫 글을 쓰려면 { $link }하세요.
write-first-post = 첫 글 쓰기
tags = 태그
no-tags = 아직 태그가 붙은 글이 없습니다.
more-tags = 태그 더 보기
search = 검색
search-posts = 글 검색
search-heading = 검색: { $words }
search-empty = 이 낱말이 모두 들어 있는 글이 없습니다. 낱말을 줄이거나 낱말의 앞부분만 넣어 보세요.
more-results = 결과 더 보기

# One post
likes = 좋아요 { $count }개
like = 좋아요
unlike = 좋아요 취소
log-in-to-like = 로그인하고 ‘좋아요’ 누르기
newer-post = 다음 글: { $title }
older-post = 이전 글: { $title }
posts-around = 앞뒤 글
unpublish = 게시 중단

# Writing
new-post = 새 글
edit-post = “{ $title }” 고치기
edit-draft = 초안 고치기
as-stored = 저장되어 있는 글: { $title }
stored-tags = 태그: { $tags }
as-you-wrote = 직접 쓰신 글
preview-of = 미리 보기: { $title }
title = 제목
body = 본문
text = 본문
format = 형식
format-hint = 마크다운으로 **굵게**, [링크](https://…), 목록, 표, 코드를 쓸 수 있습니다. 일반 텍스트는 입력한 그대로 보입니다.
format-markdown = 마크다운
format-plain = 일반 텍스트
tags-hint = 쉼표로 구분합니다.
publish = 게시
keep-as-draft = 초안으로 두기
preview = 미리 보기
images = 그림
images-hint = JPEG, PNG, GIF, WebP. 그림은 본문 끝에 들어가며, 그 뒤에 옮길 수 있습니다.
image-number = 그림 { $number }
image-waiting = 그림 { $number }(으)로 보내신 파일
image-alt = 그림을 볼 수 없는 분을 위한 설명
image-decorative = 장식용: 본문에 없는 내용을 담고 있지 않습니다
changed-meanwhile = 쓰시는 동안 이 글이 바뀌었습니다. 쓰신 내용은 아직 저장되지 않았습니다. 아래에서 필요한 부분을 옮기고 다시 저장하세요.

# Drafts and deleted posts
no-drafts = 초안이 없습니다. 게시하지 않고 둔 글이 여기에 있으며, 본인에게만 보입니다.
draft-changed = { $moment } 고침
untitled = 제목 없음
deleted-posts = 삭제한 글
deleted-posts-hint = { $days }일 동안 원래 자리와 댓글까지 되살릴 수 있습니다.
unpublished-on = { $date }에 관리자가 게시를 중단함
deleted-on = { $date }에 삭제함
bring-back = 되살리기
bring-back-named = { $title } 되살리기
more = 더 보기
delete-named = “{ $title }”을(를) 삭제할까요?
delete-post-hint = 아무에게도 보이지 않게 됩니다. { $days }일 동안 { $drafts }에서 되살릴 수 있습니다.
your-drafts = 초안 목록
delete-draft-hint = 삭제한 초안은 되살릴 수 없습니다.

# Comments
comments = 댓글
comments-on = “{ $title }”의 댓글
comment-on = “{ $title }”에 댓글 쓰기
comment-by = { $author } · { $moment }
comment-by-changed = { $author } · { $moment } ({ $changed } 고침)
comment-entry = “{ $title }”에 { $author } 님이 쓴 댓글
no-comments = 아직 댓글이 없습니다.
earlier-comments = 이전 댓글
later-comments = 다음 댓글
edit-comment-of = { $moment }에 쓴 내 댓글 고치기
delete-comment-of = { $moment }에 쓴 댓글 삭제
approve = 승인
approve-comment-of = { $moment }에 쓴 댓글 승인
comment-waits = 승인을 기다리는 댓글입니다. 아직 다른 사람에게 보이지 않습니다.
your-comment = 댓글
comment-approval-hint = 글쓴이나 관리자가 승인하면 다른 사람에게 보입니다.
comment = 댓글 쓰기
log-in-to-comment = 댓글을 쓰려면 { $link }하세요.
log-in-inline = 로그인
edit-comment = 댓글 고치기
delete-comment = 댓글 삭제
delete-comment-question = { $post }에 달린 이 댓글을 삭제할까요? 되살릴 수 없습니다.
under-post = { $post }에 달린 댓글
back-to-comment = 댓글로 돌아가기
back-to-comments = 댓글 목록으로 돌아가기
waiting-comments = 승인을 기다리는 댓글
no-waiting-comments = 승인을 기다리는 댓글이 없습니다.

# Moderation
moderation-log = 관리 기록
no-moderation = 아직 관리자가 한 일이 없습니다.
act-delete-comment = { $moderator } 님이 { $post }에서 { $author } 님의 댓글을 삭제했습니다
act-approve-comment = { $moderator } 님이 { $post }에서 { $author } 님의 댓글을 승인했습니다
act-unpublish-post = { $moderator } 님이 { $author } 님의 글 { $post }의 게시를 중단했습니다
act-republish-post = { $moderator } 님이 { $author } 님의 글 { $post }을(를) 되살렸습니다
reason-given = 이유: { $reason }
reason-hint = 다른 관리자가 기록에서 글의 앞부분과 함께 봅니다.
earlier = 이전 기록
unpublish-named = “{ $title }”의 게시를 중단할까요?
unpublish-hint = 글과 댓글이 아무에게도 보이지 않게 됩니다. { $days }일 동안 관리자가 { $log }에서 되살릴 수 있으며, 글쓴이는 되살릴 수 없습니다.
moderation-log-inline = 관리 기록

# Logging in
username = 사용자 이름
new-password = 새 비밀번호
password-hint = { $count }자 이상이어야 합니다. 서로 관계없는 낱말 네 개면 좋습니다.
code = 코드
code-hint = 인증 앱에 보이는 숫자 여섯 자리, 또는 복구 코드 하나.
log-out-question = 다른 사이트에서 여기로 왔습니다. 로그아웃할까요?
new-password-heading = 새 비밀번호
reset-hint = { $username } 님의 계정입니다. 모든 세션이 끝납니다.
set-password = 비밀번호 정하기
resume-heading = 쓰신 내용
resume-hint = 로그인했습니다. 아래 내용은 아직 저장되지 않았으니 다시 한번 보내세요.
send = 보내기

# The account
account = 계정
comments-that-wait = 내 승인을 기다리는 댓글
profile = 프로필
profile-line = 한 줄 소개
profile-hint = { $page }에서 누구에게나 보입니다.
profile-page = 내 글 페이지
language-and-appearance = 언어와 화면 모드
preferences-hint = 로그인하는 브라우저마다 따라옵니다.
current-password = 지금 비밀번호
new-password-hint = { $count }자 이상이어야 합니다. 서로 관계없는 낱말 네 개면 좋습니다. 다른 세션은 모두 끝납니다.
change-password = 비밀번호 바꾸기
second-factor = 2단계 인증
second-factor-on = 로그인할 때 인증 앱의 코드를 묻습니다. 복구 코드가 { $count }개 남아 있습니다. 껐다가 다시 켜면 새로 만들어집니다.
second-factor-off = 휴대전화의 인증 앱을 쓰면 비밀번호를 도둑맞아도 아무것도 열리지 않습니다. { $link }
set-up-second-factor = 2단계 인증 설정하기
turn-off = 끄기
turn-on = 켜기
api-tokens = API 토큰
api-tokens-hint = 프로그램이 토큰으로 내 일을 대신합니다. { $link }
manage-api-tokens = 토큰을 만들고 보고 폐기하기
sessions = 세션
sessions-password = 세션을 끝내려면 비밀번호를 넣으세요
unknown-browser = 알 수 없는 브라우저
session-from = { $agent }, { $address }
session-this = { $created } 로그인. { $this }
this-browser = 지금 이 브라우저
session-other = { $created } 로그인, { $seen } 마지막 방문
end = 끝내기
end-session-of = { $moment }에 시작한 세션 끝내기
end-all-others = 다른 세션 모두 끝내기
what-you-wrote = 내가 쓴 것
download-hint = { $link } (마크다운 파일)
download-posts = 내 글과 초안 내려받기
delete-your-account = 계정 삭제
delete-account = 계정 삭제
delete-account-hint = 되돌릴 수 없으며 초안도 사라집니다. 먼저 { $link }를 권합니다.
download-posts-inline = 글 내려받기
posts-stay = 남김: 글과 댓글이 누구의 것도 아닌 이름으로 남습니다
posts-go = 삭제: 글과 거기 달린 모든 댓글, 다른 곳에 쓴 내 댓글이 사라집니다
recovery-codes = 복구 코드
recovery-codes-hint = 2단계 인증을 켰습니다. 앱을 잃어버리면 이 코드 하나로 한 번씩 로그인할 수 있습니다. 다시 보여 드리지 않으니 지금 적어 두세요.
back-to-account = 계정으로 돌아가기
second-factor-heading = 2단계 인증
second-factor-hint = 인증 앱으로 이 그림을 찍거나 앱에 키를 넣으세요.
second-factor-key = 키: { $key }
second-factor-code = 앱에 보이는 코드

# Tokens
tokens-heading = API 토큰
token-made = 토큰입니다. 다시 보여 드리지 않으니 지금 복사하세요.
tokens-hint = 토큰이 있으면 프로그램이 비밀번호 없이 내 일을 대신합니다: { $header }. 계정은 바꾸지 못하며, 비밀번호를 바꾸면 끝납니다. { $link } (OpenAPI)
api-description = API 설명
new-token = 새 토큰
token-name = 무엇에 쓰나요?
token-scope = 할 수 있는 일
token-read = 내가 보는 것을 읽기
token-write = 읽기, 그리고 내 이름으로 쓰기
token-lifetime = 끝나는 때
token-days = { $days }일 뒤
token-endless = 내가 폐기할 때
make-token = 토큰 만들기
tokens = 토큰
revoke-password = 토큰을 폐기하려면 비밀번호를 넣으세요
token-reads = { $name }, 읽기
token-reads-and-writes = { $name }, 읽기와 쓰기
token-times = { $created }에 만듦, { $expires }, { $used }
token-ends = { $date }에 끝남
token-has-no-end = 끝나지 않음
token-last-used = { $date }에 마지막으로 씀
token-never-used = 쓴 적 없음
revoke = 폐기
revoke-named = { $name } 폐기
revoke-all = 모두 폐기
no-tokens = 없습니다. { $count }개까지 만들 수 있습니다.

# What was done
saved = 저장했습니다.
post-published = 게시했습니다.
post-deleted = 삭제했습니다. 초안 목록에서 되살릴 수 있습니다.
post-brought-back = 되살렸습니다.
post-unpublished = 게시를 중단했습니다.
draft-kept = 초안으로 두었습니다.
draft-deleted = 초안을 삭제했습니다.
comment-deleted = 댓글을 삭제했습니다.
comment-approved = 승인했습니다.
registered = 가입했습니다. 이름과 비밀번호로 로그인하세요.
logged-out = 로그아웃했습니다.
password-set = 비밀번호를 정했습니다. 새 비밀번호로 로그인하세요.
sessions-ended = 끝냈습니다.
second-factor-turned-off = 2단계 인증을 껐습니다.
token-revoked = 폐기했습니다.
account-deleted = 계정을 삭제했습니다.
password-changed = { $strength ->
    [weak] 비밀번호를 바꾸었습니다. 약한 비밀번호입니다. 다른 세션은 모두 끝났습니다.
    [fair] 비밀번호를 바꾸었습니다. 무난한 비밀번호입니다. 다른 세션은 모두 끝났습니다.
   *[strong] 비밀번호를 바꾸었습니다. 강한 비밀번호입니다. 다른 세션은 모두 끝났습니다.
}

# What is wrong with a form
username-required = 사용자 이름을 넣으세요.
password-required = 비밀번호를 넣으세요.
title-required = 제목을 넣으세요.
user-taken = { $username } 님은 이미 가입했습니다.
incorrect-username = 사용자 이름이 올바르지 않습니다.
incorrect-password = 비밀번호가 올바르지 않습니다.
incorrect-login = 사용자 이름이나 비밀번호가 올바르지 않습니다.
incorrect-code = 코드가 올바르지 않습니다.
incorrect-code-clock = 코드가 올바르지 않습니다. 기기의 시계가 맞나요?
account-disabled = 사용이 중지된 계정입니다. 관리자에게 문의하세요.
login-took-too-long = 시간이 너무 오래 걸렸습니다. 다시 로그인하세요.
logged-out-kept = 로그인이 풀렸습니다. 쓰신 내용은 로그인하는 동안 그대로 있습니다.
profile-too-long = 한 줄 소개는 { $most }자까지입니다. 지금은 { $count }자입니다.
password-too-short = 비밀번호는 { $least }자 이상이어야 합니다.
password-common = 맨 먼저 추측될 만한 비밀번호입니다. { $advice }
tag-comma = 태그에는 쉼표를 쓸 수 없습니다.
tag-too-long = 태그는 { $most }자까지입니다.
tags-too-many = 글 하나에 태그는 { $most }개까지입니다.
comment-empty = 댓글 내용을 넣으세요.
comment-too-long = 댓글은 { $most }자까지입니다. 지금은 { $count }자입니다.
comments-too-many = 한꺼번에 너무 많은 댓글을 썼습니다. { $seconds }초 뒤에 다시 보내세요.
comments-none-approved = 최근에 쓰신 댓글이 하나도 승인되지 않았습니다. 하나가 승인될 때까지 기다려 주세요.
reason-too-long = 이유는 { $most }자까지입니다.
token-name-required = 토큰의 이름을 넣으세요.
token-name-too-long = 이름은 { $most }자까지입니다.
tokens-too-many = 토큰은 { $most }개까지이며 이미 다 있습니다. 먼저 하나를 폐기하세요.
images-not-taken = 받지 못한 그림이 있습니다. 아래를 보세요.
images-too-many = 한 번에 그림 { $most }개까지 받습니다. 나머지는 빠졌습니다.
images-too-large = 한 번에 보내는 그림은 모두 합쳐 { $most } MiB까지입니다.
images-unused = 어느 글에도 없는 그림을 이미 { $count }개, 또는 { $most } MiB 보내셨습니다. 하루가 지나면 삭제됩니다.
image-file = { $file }: { $problem }
image-nameless = 그림
image-no-picture = JPEG, PNG, GIF, WebP 형식의 그림이 아닙니다.
image-unreadable = 이 그림은 여기서 읽을 수 없습니다.
image-damaged = 이 그림은 손상되었거나 여기서 읽을 수 없는 종류입니다.
image-too-large = 이 그림은 너무 큽니다. { $most }백만 화소까지입니다.
image-too-many-pixels = 이 그림은 가로 { $width }, 세로 { $height } 화소입니다. { $most }백만 화소까지입니다.
image-too-long = 이 움직이는 그림은 너무 깁니다. 그림 { $frames }장, 모두 합쳐 { $most }백만 화소까지입니다.
image-gone = 그림을 보내신 지 너무 오래되었습니다. 다시 보내세요.
image-needs-alt = 그림을 볼 수 없는 분을 위해 설명을 쓰거나 장식용이라고 표시하세요.
image-alt-too-long = 설명은 { $most }자까지입니다.

# Advice on a password
advice-straight-rows = 자판에서 나란히 있는 글쇠는 추측하기 쉽습니다.
advice-keyboard-patterns = 짧은 자판 무늬는 추측하기 쉽습니다.
advice-repeats = “aaa”처럼 되풀이되는 글자는 추측하기 쉽습니다.
advice-repeated-groups = “abcabcabc”처럼 되풀이해도 “abc”보다 조금 더 어려울 뿐입니다.
advice-top-ten = 가장 흔한 비밀번호 10개 가운데 하나입니다.
advice-top-hundred = 가장 흔한 비밀번호 100개 가운데 하나입니다.
advice-very-common = 아주 흔한 비밀번호입니다.
advice-similar-to-common = 흔히 쓰는 비밀번호와 비슷합니다.
advice-sequences = abc나 6543처럼 이어지는 글자는 추측하기 쉽습니다.
advice-recent-years = 최근 연도는 추측하기 쉽습니다.
advice-one-word = 낱말 하나만으로는 추측하기 쉽습니다.
advice-dates = 날짜는 추측하기 쉬운 경우가 많습니다.
advice-names = 이름이나 성만으로는 추측하기 쉽습니다.
advice-common-names = 흔한 이름과 성은 추측하기 쉽습니다.
advice-use-words = 낱말을 몇 개 쓰고 흔한 구절은 피하세요.
advice-no-symbols-needed = 기호나 숫자, 대문자는 없어도 됩니다.
advice-add-words = 낱말을 한두 개 더하세요. 드문 낱말일수록 좋습니다.
advice-capitals = 대문자는 별로 도움이 되지 않습니다.
advice-all-capitals = 모두 대문자로 써도 모두 소문자로 쓴 것만큼 추측하기 쉽습니다.
advice-reversed = 낱말을 거꾸로 써도 추측하기가 별로 어려워지지 않습니다.
advice-substitutions = “a” 대신 “@”를 쓰는 것처럼 뻔한 바꿈은 별로 도움이 되지 않습니다.
advice-longer-pattern = 더 길고 방향이 자주 바뀌는 자판 무늬를 쓰세요.
advice-avoid-repeats = 되풀이되는 낱말과 글자는 피하세요.
advice-avoid-sequences = 이어지는 글자는 피하세요.
advice-avoid-recent-years = 최근 연도는 피하세요.
advice-avoid-own-years = 본인과 관련된 연도는 피하세요.
advice-avoid-own-dates = 본인과 관련된 날짜와 연도는 피하세요.

# Error pages: the name of each status, and what it is about
status-400 = 잘못된 요청
status-403 = 권한 없음
status-404 = 찾을 수 없음
status-405 = 허용되지 않는 방법
status-408 = 시간 초과
status-413 = 너무 큰 요청
status-421 = 잘못 찾아온 요청
status-429 = 너무 많은 요청
status-500 = 서버 오류
status-503 = 지금은 이용할 수 없음
bad-request = 브라우저(또는 프록시)가 보낸 요청을 서버가 이해하지 못했습니다.
forbidden = 요청하신 것에 대한 권한이 없습니다. 읽지 못하게 되어 있거나 서버가 읽을 수 없습니다.
cross-site = 다른 사이트에서 보낸 요청입니다. 이곳의 페이지를 열고 다시 보내세요.
not-found = 요청하신 주소를 서버에서 찾을 수 없습니다. 주소를 직접 입력하셨다면 철자를 확인하고 다시 해 보세요.
no-such-post = { $id }번 글이 없습니다.
no-such-comment = { $id }번 댓글이 없습니다.
method-not-allowed = 이 주소에는 허용되지 않는 방법입니다.
too-slow = 양식이 도착하는 데 너무 오래 걸렸습니다. 다시 보내세요.
too-large = 보내신 내용이 받을 수 있는 크기를 넘습니다.
misdirected = 여기에는 그런 사이트가 없습니다. 이 사이트의 주소는 { $origin }입니다.
too-many-attempts = 실패한 시도가 너무 많았습니다. { $seconds }초 뒤에 다시 하세요. 전에 로그인한 적이 있는 브라우저는 다른 사람의 시도 때문에 막히지 않습니다.
busy = 지금은 할 일이 너무 많습니다. 몇 초 뒤에 다시 하세요.
database-away = 지금은 이 사이트의 데이터베이스에 연결할 수 없습니다. 보내신 것은 저장되지 않았습니다. 몇 초 뒤에 다시 하세요.
shown-from-memory = 지금은 이 사이트의 데이터베이스에 연결할 수 없습니다. 이 페이지는 조금 전의 모습입니다. 지금은 글을 쓸 수 없고, 누구나 보는 내용만 보입니다.
disk-broken = 지금은 이 사이트의 저장소가 작동하지 않습니다. 보내신 것은 저장되지 않았습니다. 몇 분 뒤에 다시 하세요.
database-damaged = 이 사이트의 저장소가 손상되었습니다. 아직 읽을 수 있는 것은 보여 드리지만, 고칠 때까지 아무것도 저장하지 않습니다. 보내신 것은 저장되지 않았습니다.
outcome-unknown = 보내신 것이 저장되었는지 확실하지 않습니다. 몇 초 뒤에 다시 보내세요. 글이 두 번 올라가지는 않습니다.
internal-error = 서버 안에서 오류가 나서 요청을 마치지 못했습니다. 서버에 일이 너무 많거나 프로그램에 오류가 있습니다.
incident = 이 사이트의 로그에 { $name }(으)로 남아 있습니다. 관리자에게 이 이름을 알려 주세요.
to-front-page = 첫 페이지로
comments-off = 이 사이트에는 댓글이 없습니다.
registration-closed = 회원 가입을 받지 않습니다.
registration-by-invite = 가입하려면 아직 쓰지 않았고 일주일이 지나지 않은 초대가 필요합니다. 관리자에게 링크를 부탁하세요.
invite-used = 그 사이에 이미 쓰인 초대입니다.
link-void = 쓸 수 없는 링크입니다. 이미 썼거나, 하루가 지났거나, 그 뒤에 비밀번호가 바뀌었습니다. 관리자에게 새 링크를 부탁하세요.
download-too-large = 쓰신 글이 한 번에 내려받을 수 있는 양을 넘습니다. 관리자에게 부탁하세요. flaskr-admin export에는 제한이 없습니다.
