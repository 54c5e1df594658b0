package taint

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/phivet/phivet/rules/lazyregexp"
)

// repository names the types that stand for a database where the database
// itself is out of sight.
var repository = lazyregexp.New(`(?i)(repo|repository|store|storage|storer|persister|dao|querier|queries|database|persistence)$`)

// keeper names the types that may, which is what they are asked to do: who uses
// them declares them by what they are for.
var keeper = lazyregexp.New(`(?i)(adder|saver|creator|inserter|updater|deleter|remover|getter|finder|searcher|lister|keeper|provider|service|usecase|usecases|svc)$`)

// keeps names what a database is asked to do.
var keeps = lazyregexp.New(`^(Create|Save|Insert|Add|Update|Upsert|Delete|Remove|Get|Find|Search|List|Register|Store|Patch|Put|Edit|Change|Record|Admit|Enroll?|Fetch|Lookup|Submit|Assign|Import|Exists|[A-Z][a-z]+By[A-Z])`)

// standsFor reports whether the method of that name, of an interface, stands
// for a query.
func standsFor(iface, method string) bool {
	return repository.MatchString(iface) || keeper.MatchString(iface) && keeps.MatchString(method)
}

// storedError handles the errors of interfaces that are named as a repository:
// what is handed to them is bound to a query behind them.
func (fn *function) storedError(c *ssa.Call, obj *types.Func) *node {
	if obj == nil || !c.Call.IsInvoke() {
		return nil
	}
	named, ok := types.Unalias(c.Call.Value.Type()).(*types.Named)
	if !ok || !standsFor(named.Obj().Name(), obj.Name()) {
		return nil
	}
	var bound []*node
	for _, a := range c.Call.Args {
		n := fn.eval(a, c)
		if name, class, fields := fn.e.structClass(a.Type()); class.PHI() {
			n = &node{kind: kThrough, typ: "struct", name: name, text: fields, class: class, x: []*node{n}, pos: n.pos}
		}
		bound = append(bound, n)
	}
	name := named.Obj().Name() + "." + obj.Name()
	return &node{kind: kQuery, name: name, x: []*node{none, {kind: kList, x: bound}, none}, pos: c.Pos()}
}
