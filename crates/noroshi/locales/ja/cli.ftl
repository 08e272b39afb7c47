# コマンドが表示する文。
hub-init = { $file } を作成しました。内容を確認してから起動してください: noroshi hub --config { $file }
hub-listening = noroshi hub を { $url } で開始しました
hub-key = このハブの公開鍵(会員が署名の検証に使います): { $key }
hub-identity = このハブの STIX identity: { $id }
hub-first-operator = まだ誰もサインインできません。運用者用の一回限りのリンク(1日有効): { $link }

report-found = { $count } 件のインジケーターを読み取りました:
report-more = ほか { $count } 件(--all ですべて表示)
report-dropped = インジケーターではないため除いたもの: { $count } 件
report-problems = 読み取れなかった部分: { $count } 件(残りは保持しています)
report-dry-run = 何も送信していません(--dry-run)。
report-ask = この報告を { $hub } に送信しますか?
report-not-sent = 何も送信していません。
report-accepted = 報告 { $id } として受理され、安全に保存されました。
report-passed = { $count } 件が、貴社の名前を伏せたまま、次の配信時刻に他の会員へ届きます。
report-kept = { $count } 件は配信されません:
report-receipt = この受領証を保管してください。いつ何を報告したかを後日証明できます:
report-own-removed = 自社のものとして取り除いたもの: { $count } 件
report-own-struck = 本文中の自社の情報(取り消し線の部分は送信しません): { $count } か所
report-own-typed = ファイルそのものは送信しません。代わりに次の内容を送信します:
report-own-clean = 自社の情報は見つかりませんでした。ファイルをそのまま送信します。
report-own-check = 何も送信していません(--check)。


verify-content = 正当: ハブはこの内容を報告 { $id } として受領しました
verify-signature = 報告 { $id } への署名は正当です。内容も確かめるには --content または --report を指定してください
verify-day = 受領日 { $day }（ハブの申告）。--proof を付けると、ハブの公開記録でも確かめられます
verify-published = { $day } 以前: ハブがその日について公開した木に、この受領証が含まれています
verify-answered = この問いに答えた人は、報告の12語を持っています
verify-words = この12語は、この報告のものです
verify-member = 報告は提出時に会員 { $member } に結び付けられていました

authority-made = 秘密鍵を { $file } に書き込みました。本人だけが触れられる場所に2部保管してください。この鍵に封をしたものは、ほかの何によっても開けません。届出書の署名者が { $signer } であることを、電話でハブの運用者に伝えてください。
authority-plain = このファイルにはパスフレーズがありません。読んだ人は、あなた宛てのものをすべて開けます。--passphrase-file で保護できます。
