# 公開側の文言:公開ページとブロックリスト一覧。

nav-main = メイン
nav-language = 言語
nav-sign-in = サインイン
footer = ここにある情報はすべてハブが署名したものです。誰が報告したかは、どこにも書かれていません。

lead-title = 一社が気づいた攻撃を、全会員がその場で防ぐ。
lead-what = noroshi（狼煙）は、ある会員が報告した攻撃の指標を、数秒後には他のすべての会員の防御機器へ届けます。
lead-anonymous = 外へ出る情報はハブが新たに書き起こして署名したものです。攻撃側のアドレスやファイルは載りますが、被害を受けた組織の名前は載りません。

next-title = 次にできること
next-report = 攻撃を報告する
next-report-text = 手元にあるものをそのまま貼り付けてください（メール、アドレスの一覧、ファイルなど）。何が共有されるかは、送る前に確認できます。
next-taxii = TAXIIクライアントをつなぐ
next-taxii-text = SIEM、MISP、OpenCTIなどはTAXII 2.1に対応しています。次のディスカバリーアドレスと、パスワード欄にAPIキーを設定してください。
next-feeds = ブロックリストを取得する
next-feeds-text = ファイアウォール、プロキシ、DNSリゾルバー向けの平文リストです。一行に一件、期限切れや取り消し済みのものは含みません。
next-stream = ストリームを受信する
next-stream-text = 配信ごとに一件のServer-Sent Eventsです。切断しても続きから受信できます。
next-verify = 自分で検証する
next-verify-text = 名簿・記録・証明書を公開しています。警告の対象になりうる会員が何社あるかを、このサーバーを信用せずに計算し直せます。

feed-title = 最新の配信
feed-closed = 配信の内容は会員向けです。APIキーを送るか、サインインしてください。
feed-clear = 公開部分（TLP:CLEAR）だけを表示しています。
feed-all = 署名を確認済みのオブジェクトは { $count } 件です。
feed-newest = 最新の配信時刻：{ $time }
feed-empty = まだ配信はありません。
live-on = 受信中
live-off = 接続が切れました。再接続しています

column-kind = 種類
column-value = 値
column-tlp = 取扱区分
column-time = 配信時刻

action-create = 新規
action-update = 更新
action-revoke = 取り消し

kind-ipv4 = IPv4アドレス
kind-ipv6 = IPv6アドレス
kind-domain = ドメイン
kind-host = ホスト
kind-url = URL
kind-email = メールアドレス
kind-file-name = ファイル名
kind-mutex = ミューテックス
kind-registry-key = レジストリキー
kind-cve = 脆弱性
kind-context = 背景情報

feeds-title = ブロックリスト
feeds-what = 一行に一件、並べ替え済みで重複はありません。期限が切れた値や取り消された値はリストから外れます。
feeds-how-title = 取得のしかた
feeds-how = パスワードとしてAPIキーを、あわせて前回のエンティティタグを送ってください。変わっていなければ本文は送られません。
