# noroshi stix が表示する文。

# validate
stix-finding = { $file }: { $severity } { $code } { $id } { $path }: { $message }
stix-named = { $sentence }({ $detail })
stix-error = エラー
stix-warning = 警告
stix-upgraded = { $file }: 変換 { $id } { $path }: { $change }
stix-more = { $file }: ほかに { $code } が { $count } 件(--all ですべて表示)
stix-summary-good = { $file }: 適合。オブジェクト { $objects } 件、エラー { $errors } 件、警告 { $warnings } 件
stix-summary-bad = { $file }: 不適合。オブジェクト { $objects } 件、エラー { $errors } 件、警告 { $warnings } 件
stix-summary-strict = { $file }: 適合しますが、--strict のため警告も不可とします。オブジェクト { $objects } 件、エラー { $errors } 件、警告 { $warnings } 件
stix-unreadable = { $file }: 読み取れません: { $reason }
stix-no-id = (識別子なし)

# fmt
stix-not-formatted = { $file }: 整形が必要です
stix-formatted = { $file }: 整形しました

# explain: shapes
stix-shape-object = オブジェクト1件
stix-shape-bundle = バンドル(オブジェクト { $count } 件)
stix-shape-list = リスト(オブジェクト { $count } 件)
stix-shape-envelope = TAXII エンベロープ(オブジェクト { $count } 件)
stix-shape-lines = 連続するオブジェクト { $count } 件
stix-was-old = STIX 2.0 で書かれているため、STIX 2.1 に変換して説明します。
stix-problems = エラー { $errors } 件、警告 { $warnings } 件があります(noroshi stix validate で確認できます)。
stix-and-more = ほかにオブジェクトが { $count } 件(--all ですべて表示)

# explain: objects
stix-head = { $kind }「{ $name }」
stix-head-unnamed = { $kind }
stix-unknown-kind = 独自の型のオブジェクト({ $type })
stix-by = 作成者: { $creator }
stix-by-nobody = 作成者: 記載なし
stix-when = 日時: { $created } 作成
stix-when-changed = 日時: { $created } 作成、{ $modified } 更新
stix-taken-back = 作成者により取り消されています。今後は使わないでください。
stix-sure = 確信度: 100 のうち { $number }({ $level })
stix-sure-none = なし
stix-sure-low = 低
stix-sure-medium = 中
stix-sure-high = 高
stix-sharing = 共有範囲: { $label }: { $meaning }
stix-sharing-none = 共有範囲: 指定なし。転送する前に確認してください
stix-statement = 但し書き: { $text }
stix-marked-otherwise = 取扱区分: { $id }(この文書にはありません)
stix-parts-marked = 一部は取扱区分が異なります: { $parts }
stix-relation = { $source } → { $relation } → { $target }
stix-translated = 翻訳: { $languages }
stix-custom = STIX にない独自の内容: { $names }
stix-extended = 拡張: { $name }
stix-pattern = パターンの意味:
stix-pattern-broken = パターンを読み取れません: { $reason }
stix-items = 計 { $count } 件
stix-not-here = { $id }(この文書にはありません)

# TLP and PAP
stix-tlp-clear = 誰にでも共有できます。
stix-tlp-green = コミュニティの中で共有できます。公開はできません。
stix-tlp-amber = 自組織とその顧客の中で、必要とする人に限り共有できます。
stix-tlp-amber-strict = 自組織の中で、必要とする人に限り共有できます。
stix-tlp-red = 受け取った本人限りです。転送はできません。
stix-pap-clear = 利用に制限はありません。
stix-pap-green = 遮断や攻撃者側への接続など、能動的な利用ができます。
stix-pap-amber = 攻撃者に気付かれない確認(第三者のサービスを含む)に限ります。
stix-pap-red = 外部から一切気付かれない確認に限ります。

# patterns
stix-all-of = 次のすべて:
stix-any-of = 次のいずれか:
stix-in-order = 次のものが上から順に:
stix-observation = 次を満たす一つのオブジェクトの観測:
stix-within = 以下が { $seconds } 秒以内に:
stix-repeats = 以下が { $times } 回:
stix-start-stop = { $start } 以降 { $stop } より前に:
stix-path = { $kind }の { $rest }
stix-not = 次が成り立たない: { $test }
stix-exists = { $path } がある
stix-equal = { $path } が { $value } と等しい
stix-not-equal = { $path } が { $value } と異なる
stix-less = { $path } が { $value } より小さい
stix-less-or-equal = { $path } が { $value } 以下
stix-greater = { $path } が { $value } より大きい
stix-greater-or-equal = { $path } が { $value } 以上
stix-in = { $path } が { $value } のいずれか
stix-like = { $path } が { $value } の形(% は任意の文字列、_ は任意の1文字)
stix-matches = { $path } が正規表現 { $value } に一致
stix-is-subset = { $path } がネットワーク { $value } に含まれる
stix-is-superset = { $path } が { $value } を含むネットワーク

# definitions
stix-class-sdo = ドメインオブジェクト(誰かによる記述)
stix-class-sro = 関係オブジェクト(オブジェクト同士のつながり)
stix-class-sco = 観測対象オブジェクト(システムやネットワークの事実)
stix-class-meta = メタオブジェクト(他のオブジェクトの読み方を示す)
stix-class-bundle = 運ぶための入れ物
stix-properties = プロパティ(* は必須):
stix-relationships = ここから出る関係:
stix-id-from = 識別子の元になるプロパティ: { $names}
stix-id-random = 識別子は乱数で作ります。
stix-property-of = { $kind }の { $name }: { $type }
stix-part-of = { $part } の中の { $name }: { $type }
stix-words = { $name } の語:
stix-code-finding = 指摘 { $code } の意味:
stix-code-change = 変更 { $code } の意味:
stix-code-document = 文書を読み取れない理由 { $code }:
stix-nothing-known = { $name }: ファイル、パターン、型、プロパティ、語彙、コードのいずれでもありません。
stix-did-you-mean = もしかして: { $names}
stix-topics-types = 型:
stix-topics-codes = 指摘のコード:
stix-topics-vocabularies = 語彙:
