package catalog

import (
	"github.com/phivet/phivet/sqlscan/pgparse"
)

// Replay applies the statements of one file, in order, and keeps them in
// c.Statements. Source is the text that was parsed.
func (c *Catalog) Replay(file string, source []byte, statements []pgparse.Statement) {
	c.resetSession()
	undone := rolledBack(statements)
	for i, st := range statements {
		if st.Err != nil {
			continue
		}
		s := &Statement{Place: Place{file, st.Start, st.End}, Node: st.Node, Source: source, Base: st.Start, RolledBack: undone[i], body: st.Body}
		c.run(s)
		s.body = nil
	}
}

// run keeps a statement and applies it, unless it was rolled back.
func (c *Catalog) run(s *Statement) {
	c.keep(s)
	if s.RolledBack {
		// What stands in it was still sent to the server, so what it holds
		// is looked at; what it does is not.
		if do := s.Node.GetDoStmt(); do != nil {
			c.do(s, do)
		}
		return
	}
	if !c.define(s) && !c.alter(s) && !c.access(s) {
		c.other(s)
	}
	s.forget()
}

// keep adds a statement to c.Statements.
func (c *Catalog) keep(s *Statement) {
	c.Statements = append(c.Statements, s)
	if s.Node.GetCreateFunctionStmt() != nil || s.Node.GetDoStmt() != nil {
		return
	}
	pgparse.Walk(s.Node, func(m pgparse.Message) bool {
		if f, ok := m.(*pgparse.FuncCall); ok {
			s.Calls = append(s.Calls, f)
		}
		return true
	})
}

// forget gives up the tree of a statement whose effect says all that can be
// said about it. Histories consist of such statements to a good part, and a
// tree takes twenty times the space of its text. Calls of functions are looked
// at with the tables that their statement names.
func (s *Statement) forget() {
	if s.Function != nil {
		return
	}
	switch n := s.Node.Node.(type) {
	case *pgparse.Node_CreateStmt:
		c := n.CreateStmt
		s.Node = &pgparse.Node{Node: &pgparse.Node_CreateStmt{CreateStmt: &pgparse.CreateStmt{Relation: c.Relation, Options: c.Options, Partbound: c.Partbound}}}
	case *pgparse.Node_AlterTableStmt, *pgparse.Node_IndexStmt, *pgparse.Node_CreateTrigStmt, *pgparse.Node_CreatePolicyStmt:
		if len(s.Calls) == 0 {
			s.Node = &pgparse.Node{}
		}
	case *pgparse.Node_GrantStmt, *pgparse.Node_GrantRoleStmt, *pgparse.Node_TransactionStmt, *pgparse.Node_RenameStmt, *pgparse.Node_CreateFunctionStmt:
		s.Node = &pgparse.Node{}
	}
}

// define handles what creates objects.
func (c *Catalog) define(s *Statement) bool {
	switch n := s.Node.Node.(type) {
	case *pgparse.Node_CreateSchemaStmt:
		c.createSchema(s, n.CreateSchemaStmt)
	case *pgparse.Node_CreateStmt:
		c.createTable(s, n.CreateStmt, Ordinary)
	case *pgparse.Node_CreateForeignTableStmt:
		c.createTable(s, n.CreateForeignTableStmt.BaseStmt, Foreign)
	case *pgparse.Node_CreateTableAsStmt:
		c.createTableAs(s, n.CreateTableAsStmt)
	case *pgparse.Node_SelectStmt:
		c.selectStatement(s, n.SelectStmt)
	case *pgparse.Node_ViewStmt:
		c.createView(s, n.ViewStmt)
	case *pgparse.Node_IndexStmt:
		c.createIndex(s, n.IndexStmt)
	case *pgparse.Node_CreateSeqStmt:
		c.createSequence(s, n.CreateSeqStmt)
	case *pgparse.Node_CreateFunctionStmt:
		c.createFunction(s, n.CreateFunctionStmt)
	case *pgparse.Node_DefineStmt:
		if n.DefineStmt.Kind == pgparse.ObjectType_OBJECT_AGGREGATE {
			c.createAggregate(s, n.DefineStmt)
		}
	case *pgparse.Node_CreateTrigStmt:
		c.createTrigger(s, n.CreateTrigStmt)
	case *pgparse.Node_CreateEnumStmt:
		c.createEnum(s, n.CreateEnumStmt)
	case *pgparse.Node_CreateDomainStmt:
		c.createDomain(s, n.CreateDomainStmt)
	case *pgparse.Node_CompositeTypeStmt:
		c.createComposite(s, n.CompositeTypeStmt)
	case *pgparse.Node_CreateRangeStmt:
		c.createRange(s, n.CreateRangeStmt)
	case *pgparse.Node_CreateExtensionStmt:
		c.createExtension(s, n.CreateExtensionStmt)
	case *pgparse.Node_CreateTableSpaceStmt:
		c.createTablespace(s, n.CreateTableSpaceStmt)
	case *pgparse.Node_CreatePublicationStmt:
		c.createPublication(s, n.CreatePublicationStmt)
	case *pgparse.Node_AlterPublicationStmt:
		c.alterPublication(s, n.AlterPublicationStmt)
	case *pgparse.Node_DoStmt:
		c.do(s, n.DoStmt)
	default:
		return false
	}
	return true
}

// alter handles what changes and drops objects of any kind.
func (c *Catalog) alter(s *Statement) bool {
	switch n := s.Node.Node.(type) {
	case *pgparse.Node_AlterTableStmt:
		c.alterTable(s, n.AlterTableStmt)
	case *pgparse.Node_RenameStmt:
		c.rename(s, n.RenameStmt)
	case *pgparse.Node_DropStmt:
		c.drop(s, n.DropStmt)
	case *pgparse.Node_AlterOwnerStmt:
		c.alterOwner(s, n.AlterOwnerStmt)
	case *pgparse.Node_AlterObjectSchemaStmt:
		c.alterSchema(s, n.AlterObjectSchemaStmt)
	case *pgparse.Node_AlterFunctionStmt:
		c.alterFunction(s, n.AlterFunctionStmt)
	case *pgparse.Node_AlterEnumStmt:
		c.alterEnum(s, n.AlterEnumStmt)
	case *pgparse.Node_CommentStmt:
		c.comment(s, n.CommentStmt)
	case *pgparse.Node_SecLabelStmt:
		c.securityLabel(s, n.SecLabelStmt)
	case *pgparse.Node_AlterSeqStmt:
		c.alterSequence(n.AlterSeqStmt)
	case *pgparse.Node_AlterDomainStmt:
		c.skip("ALTER DOMAIN", s.Head())
	case *pgparse.Node_RuleStmt:
		c.skip("CREATE RULE", s.Head())
	case *pgparse.Node_AlterTableMoveAllStmt:
		c.skip("ALTER TABLE ALL IN TABLESPACE", s.Head())
	case *pgparse.Node_ImportForeignSchemaStmt:
		c.skip("IMPORT FOREIGN SCHEMA", s.Head())
	default:
		return false
	}
	return true
}

// access handles roles, policies and privileges.
func (c *Catalog) access(s *Statement) bool {
	switch n := s.Node.Node.(type) {
	case *pgparse.Node_CreatePolicyStmt:
		c.createPolicy(s, n.CreatePolicyStmt)
	case *pgparse.Node_AlterPolicyStmt:
		c.alterPolicy(s, n.AlterPolicyStmt)
	case *pgparse.Node_CreateRoleStmt:
		c.createRole(s, n.CreateRoleStmt)
	case *pgparse.Node_AlterRoleStmt:
		c.alterRole(s, n.AlterRoleStmt)
	case *pgparse.Node_AlterRoleSetStmt:
		c.alterRoleSet(s, n.AlterRoleSetStmt)
	case *pgparse.Node_DropRoleStmt:
		c.dropRole(n.DropRoleStmt)
	case *pgparse.Node_GrantStmt:
		c.grant(s, n.GrantStmt)
	case *pgparse.Node_GrantRoleStmt:
		c.grantRole(s, n.GrantRoleStmt)
	case *pgparse.Node_AlterDefaultPrivilegesStmt:
		c.alterDefaultPrivileges(s, n.AlterDefaultPrivilegesStmt)
	case *pgparse.Node_DropOwnedStmt:
		c.dropOwned(n.DropOwnedStmt)
	case *pgparse.Node_ReassignOwnedStmt:
		c.reassignOwned(n.ReassignOwnedStmt)
	default:
		return false
	}
	return true
}

// other handles settings. Everything else has no effect on what is judged.
func (c *Catalog) other(s *Statement) {
	switch n := s.Node.Node.(type) {
	case *pgparse.Node_VariableSetStmt:
		c.set(s, n.VariableSetStmt)
	case *pgparse.Node_AlterDatabaseSetStmt:
		c.keepSetting(s, n.AlterDatabaseSetStmt.Setstmt, "", n.AlterDatabaseSetStmt.Dbname)
	case *pgparse.Node_AlterSystemStmt:
		c.keepSetting(s, n.AlterSystemStmt.Setstmt, "", "")
	case *pgparse.Node_CallStmt:
		if !c.call(s, n.CallStmt.Funccall, s.env) {
			c.skip("CALL", s.Head())
		}
	case *pgparse.Node_CreateEventTrigStmt:
		c.skip("CREATE EVENT TRIGGER", s.Head())
	}
}

// rolledBack tells which statements of a file stand in a transaction, or
// behind a savepoint, that is rolled back. A transaction left open at the end
// of the file counts as committed: the tool that runs the file does that.
func rolledBack(statements []pgparse.Statement) []bool {
	undone := make([]bool, len(statements))
	begin := -1
	type savepoint struct {
		name string
		at   int
	}
	var saves []savepoint
	undo := func(from, to int) {
		for i := from; i < to; i++ {
			undone[i] = true
		}
	}
	for i, st := range statements {
		t := st.Node.GetTransactionStmt()
		if t == nil {
			continue
		}
		switch t.Kind {
		case pgparse.TransactionStmtKind_TRANS_STMT_BEGIN, pgparse.TransactionStmtKind_TRANS_STMT_START:
			begin, saves = i+1, nil
		case pgparse.TransactionStmtKind_TRANS_STMT_COMMIT, pgparse.TransactionStmtKind_TRANS_STMT_PREPARE:
			begin, saves = -1, nil
		case pgparse.TransactionStmtKind_TRANS_STMT_ROLLBACK:
			if begin >= 0 {
				undo(begin, i)
			}
			begin, saves = -1, nil
		case pgparse.TransactionStmtKind_TRANS_STMT_SAVEPOINT:
			saves = append(saves, savepoint{t.SavepointName, i + 1})
		case pgparse.TransactionStmtKind_TRANS_STMT_ROLLBACK_TO:
			for k := len(saves) - 1; k >= 0; k-- {
				if saves[k].name == t.SavepointName {
					undo(saves[k].at, i)
					// Only what follows counts from now on, which keeps this linear.
					saves = saves[:k+1]
					saves[k].at = i + 1
					break
				}
			}
		}
	}
	return undone
}
