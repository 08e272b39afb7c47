# noroshi redteam が表示し、書き出す文。
redteam-worlds = 合成名簿 { $worlds } 件(各2年間)、被害者 { $victims } 件。k={ $k }、c={ $c }、p_max={ $p }。攻撃者は同じ事案の公開情報をすべて読む。± は95%信頼区間。
redteam-practice = 公開の方法
redteam-top1 = 特定率
redteam-coalition = 共謀者あり
redteam-worst = 最大確信度
redteam-mean = 平均確信度
redteam-unique = 一意に特定
redteam-bits = 業種情報bit
redteam-held = 保留
redteam-size = 候補5%/50%
redteam-adversary = 攻撃者
redteam-does = 手口
redteam-against = noroshi に対する攻撃
redteam-against-text = どの攻撃者も公開情報をすべて読み、さらに種類ごとの知識を持ちます。棒は被害者を言い当てた割合、線は現在の上限です。
redteam-replays = 公開情報からやり直した { $whole } 件の判定のうち、{ $part } 件が異なりました。
redteam-certificates = 公開情報から再計算した { $whole } 件の証明書のうち、{ $part } 件が導けませんでした。
redteam-marks = 名称・ドメイン・アドレスを { $whole } 個埋め込んだ報告のうち、被害者を示した公開物は { $part } 件でした。
redteam-indicators = 攻撃者のインジケーター { $whole } 件のうち、{ $part } 件がシグナルとして共有されました。
redteam-leakage = 公開物に含まれる識別子
redteam-channel = 経路
redteam-raw = 報告中の割合
redteam-recall = 抑止率
redteam-from = 目印
redteam-assumed = 仮定
redteam-named = 識別子によって被害者を示す公開物は { $own }(測定した抑止率を95%信頼区間の下限とした場合は最大 { $most })です。何も除去しない場合は { $unfiltered }、文章だけを人が確認する場合は { $reviewed } です。報告に含まれる割合と「仮定」と記した抑止率は仮定です。
redteam-kept = すべての上限を守りました。
redteam-exceeded = 上限を超えた項目があります:
redteam-broken = 欠陥のある5種類の実装と、それを検出した攻撃:
redteam-missed = 検出できませんでした
redteam-title = 被害組織を突き止めることはできるか
redteam-lead = 会員が攻撃を報告すると、ほかの全会員に警告が届きます。この報告書は、公開情報をすべて読む攻撃者が報告した組織を言い当てる割合を、ほかの公開方法と比べて示します。
redteam-tile-others = 現在の共有基盤のように、ほかの組織にイベントを委任して公開した場合に特定された被害者
redteam-tile-own = noroshi が公開した場合に特定された被害者
redteam-tile-worst = 会員の中に共謀者を1名持つ攻撃者が、どれか一つの組織について抱きうる最大の確信度(1.00 は確実)
redteam-tile-unique = 候補が一つだけに絞られた被害者
redteam-compare = 公開の方法による違い
redteam-compare-text = 会員名簿とプログラムを知り、同じ事案の公開情報をすべて読む攻撃者が、被害者を言い当てた割合です。
redteam-limit = 上限 { $p }
redteam-checks = 厳密に成り立つべきこと
redteam-not-promised = 約束しないこと
redteam-not-promised-list =
    事案をほかから知っている者には隠せません。攻撃者自身、被害組織の職員、調査会社、取引銀行などです。障害、報道、株価は、当システムと無関係に組織を示します。
    二つの機関がそれぞれ匿名で公開した事案が、同じ事案だと見抜かれることがあります。このハブを通らない情報は把握できません。
    同種の会員が3社しかなければ、その業種を示す区分は安全になりえません。その場合、システムはより曖昧に述べます。
    ハブと中継を一つの組織が運営する場合、送信時刻からその組織に会員が分かります。
    会員自身が明かしてしまうことがあります。検体を公開サービスに投稿する、チャットで相談するなどです。
    公開すれば、攻撃者は気づかれたことを知ります。
    機械だけで処理した文章の匿名性は約束しません。そのような文章は公開しません。
redteam-care = 読むときの注意
redteam-care-list =
    名簿、タグの頻度、攻撃の経過は仮定です。意味があるのは方法どうしの順序と、上限が厳密に守られていることであり、小数点以下の数字ではありません。
    0.5%前後は、何も読まなくても当たる割合であり、これより下げることはできません。
    業種を一切述べない方法は、何も伝えないことで良い値になります。業種情報の列は、読者が何を知りうるかを示します。
    A-time と A-diff は事案について独自の知識を持つため、厳密な上限の対象外です。特定率には上限を課していますが、個々の確信度の最大値には課していません。
    攻撃者はプログラムです。人が偶然言い当てることはあります。
redteam-rerun = 同じ数値は次のコマンドで得られます: noroshi redteam
redteam-searched = { $files } 個のファイルにある { $objects } 個のオブジェクトを調べました。
redteam-clean = 何も見つかりませんでした。
redteam-found-name = { $file }、オブジェクト { $object }: 名簿の { $entry } 番目の会員を示しています
redteam-found-time = { $file }、オブジェクト { $object }: { $property } がティックより細かい時刻を含みます
redteam-found-look = { $file }、オブジェクト { $object }: この { $type } は書式がほかと異なります
redteam-found-unread = { $file }: JSON ではないため、文字列として調べました
redteam-entropy = 推測ビット数
redteam-history = 公開履歴: { $first } から { $last } までの記録{ $records }件、{ $cases }事案についての公開{ $releases }件。k={ $k }, c={ $c }, p_max={ $p }。攻撃者は名簿、プログラム、すべての公開情報を知っています。
redteam-history-title = 実際の公開内容に対する攻撃
redteam-history-beliefs = 攻撃者が抱く確信
redteam-history-beliefs-text = どの攻撃者も、このハブが公開したすべてを読みます。棒は、それによって特定の一社に対して抱きうる最大の確信、線は適用中の上限です。確信がどれだけ正しかったかは、運営者だけが持つ正解がなければわかりません。
redteam-history-recomputed = { $whole }件中{ $good }件の証明書が公開文書から導けました(うち{ $label }件は後続の版のためラベルまで)。
redteam-history-cells = { $days }日間に区分内で被害者として示された割合は最大{ $share }です(上限は{ $rho })。
redteam-history-bits = 読者が業種について得る情報は、公開1件あたり平均{ $bits }ビットです。
redteam-history-direct = 保証の対象外: 直接の警告{ $count }件、受信者は延べ{ $recipients }。
redteam-history-truth = 正解が与えられた事案は{ $whole }件中{ $part }件です。被害組織を含まないラベルは{ $elsewhere }件です。
redteam-history-faults = 成り立たないこと:
redteam-history-care = 厳密な検査に正解は不要です。括弧内は、正解が与えられた事案についての95%信頼区間(Wilson、%)です。件数が少なければ広くなります。A-hitとA-priorはp_maxの対象外です。
