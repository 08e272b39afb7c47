# 公開側の文言:公開ページ、ブロックリスト一覧。

site-name = noroshi(狼煙)
