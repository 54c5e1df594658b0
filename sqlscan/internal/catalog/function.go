package catalog

import (
	"slices"
	"strings"

	"github.com/phivet/phivet/sqlscan/pgparse"
)

// A Function is a function or procedure.
type Function struct {
	Name       Name
	Args       []string // types of the input arguments
	ArgNames   []string // "" for an unnamed one
	Returns    string
	Procedure  bool
	Language   string
	Definer    bool // SECURITY DEFINER
	Leakproof  bool
	Volatility string
	Config     map[string]string
	Owner      string
	ACL        *ACL // nil while the defaults hold
	Made       Place
	Stmt       *Statement
	// PL is the parsed body of a PL/pgSQL function, nil if it does not parse.
	PL *pgparse.PLFunction
	// Body holds the SQL statements in the body.
	Body  []*Statement
	Reads []*Table
	// trees keeps what was parsed of PL when the function is called.
	trees map[*pgparse.PLExpr]parsed
}

// Functions returns the functions, sorted by name and argument types.
func (c *Catalog) Functions() []*Function {
	var out []*Function
	for _, fs := range c.functions {
		out = append(out, fs...)
	}
	slices.SortFunc(out, func(a, b *Function) int {
		if d := compareNames(a.Name, b.Name); d != 0 {
			return d
		}
		return slices.Compare(a.Args, b.Args)
	})
	return out
}

func (c *Catalog) createFunction(s *Statement, n *pgparse.CreateFunctionStmt) {
	name := c.place(qualified(n.Funcname), s.Head())
	f := &Function{Name: name, Procedure: n.IsProcedure, Owner: c.actor, Made: s.Head(), Stmt: s, Volatility: "volatile"}
	for _, p := range n.Parameters {
		a := p.GetFunctionParameter()
		switch a.GetMode() {
		case pgparse.FunctionParameterMode_FUNC_PARAM_OUT, pgparse.FunctionParameterMode_FUNC_PARAM_TABLE:
			if !n.IsProcedure {
				continue
			}
		}
		f.Args = append(f.Args, c.argumentType(a.GetArgType()))
		f.ArgNames = append(f.ArgNames, a.GetName())
	}
	f.Returns, _ = c.typeText(n.ReturnType)
	var old *Function
	for _, x := range c.functions[name] {
		if slices.Equal(x.Args, f.Args) {
			old = x
		}
	}
	if old != nil && !n.Replace {
		return
	}
	if old != nil { // OR REPLACE keeps owner and privileges
		f.Owner, f.ACL = old.Owner, old.ACL
		c.dropFunction(old)
	} else {
		f.ACL = c.initialACL(kindFunction, name.Schema, f.Owner)
	}
	for _, o := range n.Options {
		f.option(o.GetDefElem())
	}
	c.functions[name] = append(c.functions[name], f)
	c.readBody(f, s, n)
}

// option applies one option of CREATE or ALTER FUNCTION.
func (f *Function) option(d *pgparse.DefElem) {
	switch d.GetDefname() {
	case "security":
		f.Definer = truth(optionText(d))
	case "leakproof":
		f.Leakproof = truth(optionText(d))
	case "language":
		f.Language = strings.ToLower(constText(d.Arg))
	case "volatility":
		f.Volatility = constText(d.Arg)
	case "set":
		v := d.GetArg().GetVariableSetStmt()
		switch v.GetKind() {
		case pgparse.VariableSetKind_VAR_RESET, pgparse.VariableSetKind_VAR_SET_DEFAULT:
			delete(f.Config, v.Name)
		case pgparse.VariableSetKind_VAR_RESET_ALL:
			f.Config = nil
		default:
			if f.Config == nil {
				f.Config = map[string]string{}
			}
			f.Config[v.GetName()] = settingText(v.GetName(), v.GetArgs())
		}
	}
}

// createAggregate handles CREATE AGGREGATE, in which the arguments stand as in
// CREATE FUNCTION or, in the older form, as an option.
func (c *Catalog) createAggregate(s *Statement, n *pgparse.DefineStmt) {
	name := c.place(qualified(n.Defnames), s.Head())
	f := &Function{Name: name, Language: "internal", Owner: c.actor, Made: s.Head(), Stmt: s}
	parameters := n.Args
	if len(n.Args) > 0 { // the list of arguments, and how many are direct ones
		parameters = n.Args[0].GetList().GetItems()
	}
	for _, p := range parameters {
		f.Args = append(f.Args, c.argumentType(p.GetFunctionParameter().GetArgType()))
	}
	for _, o := range n.Definition {
		d := o.GetDefElem()
		if t := d.GetArg().GetTypeName(); n.Oldstyle && strings.EqualFold(d.GetDefname(), "basetype") && t != nil {
			if q := qualified(t.Names); !strings.EqualFold(q.Name, "any") {
				f.Args = append(f.Args, c.argumentType(t))
			}
		}
	}
	for _, x := range c.functions[name] {
		if slices.Equal(x.Args, f.Args) { // OR REPLACE keeps owner and privileges
			return
		}
	}
	f.ACL = c.initialACL(kindFunction, name.Schema, f.Owner)
	c.functions[name] = append(c.functions[name], f)
}

func (c *Catalog) alterFunction(s *Statement, n *pgparse.AlterFunctionStmt) {
	for _, f := range c.functionsNamed(n.Func) {
		for _, a := range n.Actions {
			f.option(a.GetDefElem())
		}
	}
}

// functionsNamed returns the function that a signature names; without
// arguments, all of that name.
func (c *Catalog) functionsNamed(o *pgparse.ObjectWithArgs) []*Function {
	name := qualified(o.GetObjname())
	if o.ArgsUnspecified {
		q, _ := c.lookup(name, func(q Name) bool { return len(c.functions[q]) > 0 })
		return slices.Clone(c.functions[q])
	}
	args := make([]string, 0, len(o.Objargs))
	for _, a := range o.Objargs {
		args = append(args, c.argumentType(a.GetTypeName()))
	}
	// An overload with other arguments that stands earlier in the search path
	// does not hide the one that is meant.
	var found []*Function
	c.lookup(name, func(q Name) bool {
		for _, f := range c.functions[q] {
			if slices.Equal(f.Args, args) {
				found = []*Function{f}
				return true
			}
		}
		return false
	})
	return found
}

// FunctionsCalled returns the functions that a call by this name may mean.
func (c *Catalog) FunctionsCalled(parts []*pgparse.Node) []*Function {
	q, ok := c.lookup(qualified(parts), func(q Name) bool { return len(c.functions[q]) > 0 })
	if !ok {
		return nil
	}
	return c.functions[q]
}

func (c *Catalog) dropFunction(f *Function) {
	left := slices.DeleteFunc(c.functions[f.Name], func(x *Function) bool { return x == f })
	if len(left) == 0 {
		delete(c.functions, f.Name)
		return
	}
	c.functions[f.Name] = left
}
