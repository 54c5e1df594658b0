// Package source finds the SQL of a project and brings it into the order in
// which it is applied.
//
// [Find] gives histories: the files of one migration folder, or of one script
// that stands alone. Each migration tool is recognised by the names and the
// contents of its files, without configuration; the table is in tools.go. What
// a tool does not run on the way up is blanked, and so is everything that is
// not SQL: psql commands, COPY data, template actions. Blanking never moves a
// byte, so an offset in [File.SQL] is an offset in the file.
//
// These folders are not searched, at any depth below the root: version control
// and other hidden folders, dependencies (vendor, node_modules), build output
// (target, dist, build) and test material (testdata, fixtures, test, tests,
// and the like; see walk.go). A folder or file that is named in
// [FindOptions.Paths] is read whatever it is called.
package source
