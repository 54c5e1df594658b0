package pgparse

// ParsePLpgSQL is [Cache.ParsePLpgSQL] without a memory.
var ParsePLpgSQL = (*Cache)(nil).ParsePLpgSQL
