// The bodies of the functions in unseen.go would stand here.
