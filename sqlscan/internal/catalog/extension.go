package catalog

import (
	"github.com/phivet/phivet/sqlscan/pgparse"
)

// A Tablespace is a tablespace.
type Tablespace struct {
	Name, Location string
	Options        map[string]string
	Made           Place
	Stmt           *Statement
}

func (c *Catalog) createExtension(s *Statement, n *pgparse.CreateExtensionStmt) {
	if _, ok := c.Extensions[n.Extname]; !ok {
		c.Extensions[n.Extname] = s.Head()
	}
}

func (c *Catalog) createTablespace(s *Statement, n *pgparse.CreateTableSpaceStmt) {
	if c.Tablespaces[n.Tablespacename] == nil {
		c.Tablespaces[n.Tablespacename] = &Tablespace{Name: n.Tablespacename, Location: n.Location, Options: optionsOf(n.Options), Made: s.Head(), Stmt: s}
	}
}
