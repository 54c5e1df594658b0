// Package taint follows values through Go code: which value becomes part of
// which SQL text, and which value or error reaches which log.
//
// For each function it computes a summary with its parameters as symbols (see
// [Summary]) and exports it as a fact, so that a query that is composed in one
// package and run in another is one text. Within a function, values are
// followed backwards from where they go, on demand; text is kept as a graph of
// constants, holes and choices (type node) and turned into SQL only where it
// reaches a database.
package taint

import (
	"go/token"
	"go/types"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/phivet/phivet/analyzers/internal/knowledge"
	"github.com/phivet/phivet/analyzers/internal/own"
	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/phi"
)

// A Config says what the engine takes for PHI and where it may go.
type Config struct {
	Lexicon                    *phi.Lexicon       // nil: the default lexicon
	Schema                     func() *phi.Schema // nil or lazily called; may return nil
	Sources, Sinks, Sanitizers []string           // extra lines in the grammar of package knowledge
	Tests                      bool               // report in _test.go files too
}

// A Result holds what was found in one package, in source order.
type Result struct {
	Diagnostics []analysis.Diagnostic
	engine      *engine
}

// New returns the taint analyzer for cfg. Its result is a *Result.
func New(cfg Config) *analysis.Analyzer {
	return &analysis.Analyzer{
		Name:       "phitaint",
		Doc:        "follow PHI through functions, for the other analyzers of phivet",
		URL:        "https://github.com/phivet/phivet/blob/main/docs/ARCHITECTURE.md",
		FactTypes:  []analysis.Fact{new(Summary)},
		ResultType: reflect.TypeFor[*Result](),
		Run:        func(pass *analysis.Pass) (any, error) { return run(pass, cfg) },
	}
}

// substitutionBudget bounds the nodes that putting arguments into summaries
// may create in one package; what is beyond is not followed.
const substitutionBudget = 4_000_000

func run(pass *analysis.Pass, cfg Config) (*Result, error) {
	result := &Result{}
	if !relevant(pass) {
		return result, nil
	}
	base, err := knowledge.Load(append(append(append([]string(nil), cfg.Sources...), cfg.Sinks...), cfg.Sanitizers...))
	if err != nil {
		return nil, err
	}
	e := &engine{
		pass: pass, tests: cfg.Tests, lexicon: cfg.Lexicon, base: base, result: result, budget: substitutionBudget,
		funcs: map[*ssa.Function]*function{}, facts: map[*types.Func]*summary{}, behindMethod: map[*types.Func]*summary{},
		stores: map[types.Object][]*ssa.Store{}, owners: map[*ssa.Function]*ssa.MakeClosure{},
		fieldClasses: map[ownedField]phi.Class{}, globalBusy: map[*ssa.Global]bool{}, fieldBusy: map[*types.Var]bool{},
		links: map[ownedStruct]*bool{}, structs: map[*types.Named]structInfo{}, secretTypes: map[*types.Named]string{}, impls: map[string][]*ssa.Function{}, reported: map[string]bool{}, once: map[string]int{},
		words: map[*node]bool{}, leading: map[*node]bool{}, fixed: map[token.Pos]bool{},
	}
	if e.lexicon == nil {
		e.lexicon = phi.Default()
	}
	if cfg.Schema != nil {
		e.schema = cfg.Schema()
		e.settleSchema()
	}
	result.engine = e
	pkg := build(pass)
	funcs := sourceFunctions(pass, pkg)
	e.index(funcs)
	e.sources = funcs
	for _, f := range funcs {
		if recv := f.Signature.Recv(); recv != nil {
			e.impls[f.Name()] = append(e.impls[f.Name()], f)
		}
	}
	for _, f := range funcs {
		s := e.summarize(f)
		if obj, ok := f.Object().(*types.Func); ok && s != nil && exported(pass, obj, s) {
			e.export(obj, s)
		}
	}
	e.exportInterfaces()
	sortDiagnostics(result.Diagnostics)
	return result, nil
}

// exported reports whether other packages get the summary. Every package reads
// the facts of all that it depends on, however far: nobody else can call what is
// not exported, and a dependency is unknown code, which passes on what it gets,
// unless it lets values go.
func exported(pass *analysis.Pass, f *types.Func, s *summary) bool {
	return f.Exported() && (own.Package(pass) || len(s.uses) > 0) &&
		!strings.HasSuffix(pass.Fset.Position(f.Pos()).Filename, "_test.go")
}

// relevant reports whether the package can matter: not the standard library,
// and of other modules only what touches a database or a log itself. Unknown
// code passes what it gets, so nothing is lost where a library only computes.
func relevant(pass *analysis.Pass) bool {
	path := pass.Pkg.Path()
	switch {
	case own.Standard(pass):
		return false
	case own.Package(pass):
		return true
	}
	if modelled(path) {
		return false
	}
	for _, p := range pass.Pkg.Imports() {
		if p.Path() == "database/sql" || modelled(p.Path()) {
			return true
		}
	}
	return false
}

var libraries = []string{
	"github.com/jackc/", "github.com/lib/pq", "github.com/jmoiron/sqlx", "gorm.io/", "github.com/jinzhu/", "github.com/uptrace/bun",
	"github.com/go-pg/", "github.com/Masterminds/squirrel", "github.com/doug-martin/goqu", "entgo.io/", "xorm.io/",
	"github.com/gocraft/dbr", "github.com/gobuffalo/pop", "github.com/upper/db", "github.com/huandu/go-sqlbuilder", "github.com/go-jet/jet",
	"github.com/beego/", "github.com/astaxie/beego",
	"github.com/microsoft/go-mssqldb", "github.com/denisenkom/go-mssqldb", "github.com/go-sql-driver/mysql", "modernc.org/",
	"github.com/mattn/go-sqlite3", "github.com/golang-migrate/", "github.com/pressly/goose",
	"go.uber.org/zap", "github.com/sirupsen/logrus", "github.com/rs/zerolog", "github.com/go-logr/", "k8s.io/klog", "github.com/golang/glog",
}

// modelled reports whether the package is of a library that package knowledge
// describes, or drives a database below one: its own code is then nobody's
// business.
func modelled(path string) bool {
	for _, l := range libraries {
		if strings.HasPrefix(path, l) {
			return true
		}
	}
	return false
}

// Report reports the diagnostics of the given rules. A category is a rule's
// ID, or ID/severity where a finding is less severe than the rule.
func Report(pass *analysis.Pass, r *Result, rs []*rules.Rule) {
	for _, d := range r.Diagnostics {
		id, _, _ := strings.Cut(d.Category, "/")
		if slices.ContainsFunc(rs, func(r *rules.Rule) bool { return r.ID == id }) {
			pass.Report(d)
		}
	}
}
