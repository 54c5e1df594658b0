package sqlshape

import "strings"

func set(words string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}

// reserved words cannot be a column without quotes, so an operand neither
// ends nor begins with them, save where tok.ends and tok.begins say.
var reserved = set(`select from where and or not in is null true false like ilike similar between exists any all some
	order group by having limit offset fetch union intersect except on using join inner left right full cross outer natural
	as case when then else end cast array distinct into values set returning with for asc desc collate primary
	references unique check constraint default create table column analyze both lateral only to user window
	interval escape insert update delete current_date current_timestamp current_user isnull notnull`)

// clauseWord starts a clause behind which the text may be taken up again.
var clauseWord = set(`select from where and or order group having limit offset fetch union intersect except on using join
	inner left right full cross natural returning values set for window with`)

// statementWord starts a statement.
var statementWord = set(`select insert update delete with merge values create alter drop truncate grant revoke comment copy
	call set reset show begin start commit rollback savepoint release lock vacuum analyze explain prepare execute
	deallocate declare fetch move close listen notify unlisten do refresh reindex cluster security import table
	discard load checkpoint reassign abort end replace`)

// ddlWord starts a statement whose names are metadata.
var ddlWord = set(`create alter drop comment grant revoke security import reassign`)

// comparison operators take a column on one side and a value on the other.
var comparison = set(`= == <> != < > <= >= ~ ~* !~ !~* ~~ ~~* !~~ !~~* @@ @@@ @> <@ && ? ?| ?& @? % <% %> <<% %>> <-> <=> <<-> <#> -|- >> <<
	like ilike similar is regexp rlike`)

// typeWord introduces a typed literal: date '2020-01-01'.
var typeWord = set(`date time timestamp timestamptz timetz interval uuid jsonb json inet numeric point text bytea`)

// expects holds words that can be a column and yet, where they stand as
// keyword, want a name or value behind them.
var expects = set(`by index schema role database view extension type function sequence local copy call truncate listen
	notify execute prepare add rename partition of if zone conflict password is owner concurrently foreign key authorization
	move offset set do nothing vacuum analyze verbose lock savepoint release fetch replace duplicate materialized policy trigger server domain cursor escape`)

// patientWord names the tables whose own id is the key of a patient.
var patientWord = set(`patient patients pasien paciente pacientes patienten beneficiary beneficiaries enrollee enrollees
	subscriber subscribers pt pts`)
