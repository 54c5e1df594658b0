package logscan

// BarLine is barLine, for the tests.
var BarLine = barLine
