# noroshi verify の出力。
verify-everything = 正常: { $id }(第{ $version }版)の証明書の内容はすべて、公開文書から計算し直して一致しました。
verify-label-only = 正常(ラベルのみ): { $id }(第{ $version }版)のラベルと上限は計算し直して一致しました。候補の内訳はハブの表明によります。同じ事案についての以前の公開で候補が絞られており、その時点で残った会員は公開されていないためです。
verify-label = ラベル: { $label }
verify-candidates = 候補: { $candidates }社(必要数は{ $least }社以上)
verify-worst = 特定の一社に対する最大の確信: { $worst }(協力者がいる場合を含む。上限は{ $p })
verify-decided = 判定時点: { $at }(記録 { $record })
verify-chain = 記録の連鎖: { $first } から { $last } まで確認済み
verify-joined = すべての版を合わせて読むと残る候補: { $joined }社
verify-parameters = パラメーター: k={ $k }, c={ $c }, p_max={ $p }, rho={ $rho }({ $days }日間)
verify-meaning = この結果の意味: このハブの公開情報をすべて読み、プログラムを知り、会員の中に最大{ $c }社の協力者を持つ者でも、わかるのは{ $candidates }社のうちのどれかが被害を受けたことだけで、特定の一社を言い当てる確率は最大でも{ $worst }です。
verify-meaning-label-only = この結果の意味: ハブは、{ $candidates }社が候補に残り、どの一社の確率も{ $worst }を超えないと表明しています。ラベルはこれと矛盾しません。それ以外はハブの署名を信頼することになります。
verify-release = 正常: { $id } はハブが署名したとおりです({ $collection }、{ $tick } 公開)。
verify-fetched = 文書{ $documents }件と公開オブジェクト{ $releases }件を{ $folder }に保存しました。{ $kept }件は保存済みでした。署名はすべて正常です。

verify-no-missing = 不可: { $subject } は公開されていないか、閲覧できません。公開情報を読めるキー(--key)を指定するか、ハブの運営者に問い合わせてください。
verify-no-document-signature = 不可: { $subject } はこのハブの鍵で署名されていないか、途中で改変されています。--hub-keyを確認し、正しければ全会員に知らせてください。
verify-no-certificate-signature = 不可: { $subject } の中の証明書はこのハブの鍵で署名されていません。--hub-keyを確認し、正しければ全会員に知らせてください。
verify-no-record-signature = 不可: { $subject } の中の記録はこのハブの鍵で署名されていません。--hub-keyを確認し、正しければ全会員に知らせてください。
verify-no-unreadable = 不可: { $subject } はこの種類の文書ではありません。このプログラムがハブより古い可能性があります。
verify-no-other = 不可: { $subject } の中身が名前と異なります。全会員に知らせてください。
verify-no-chain = 不可: 記録 { $subject } が直前の記録とつながりません。履歴が改変されています。全会員に知らせてください。
verify-no-hidden = 不可: 判定で考慮すべき以前の公開 { $subject } が記録から抜けています。全会員に知らせてください。
verify-no-invented = 不可: 記録 { $subject } に、以前のどの記録にもない公開が載っています。全会員に知らせてください。
verify-no-differs = 不可: 証明書の { $subject } が公開文書から導けません。全会員に知らせてください。
verify-no-no-proof = 不可: { $subject } のこの版は、閲覧できる公開オブジェクトの中にないため、証明がありません。
verify-no-no-object = 不可: { $subject } の証明はありますが、オブジェクト自体がありません。
verify-no-proof-head = 不可: { $subject } の公開単位はこのハブの鍵で署名されていません。--hub-keyを確認し、正しければ全会員に知らせてください。
verify-no-proof-other = 不可: { $subject } の証明は別のオブジェクトまたは別の版のものです。
verify-no-proof-not-included = 不可: { $subject } のこのバイト列は、ハブが署名したものではありません。改変されたか、保存したプログラムが書き直しています。
verify-no-uncertified = 不可: 公開 { $subject } は記録にありますが、証明書がありません。
verify-no-unrecorded = 不可: { $subject } の証明書が示す記録に、この公開がありません。
verify-no-too-few = 不可: { $subject } のすべての版を合わせて読むと、約束より候補が少なくなります。
