// Package checks holds the rules on SQL: one file each, with its page beside it.
//
// A check reads the final state of a history in a [Pass] and reports facts. It
// points to the statement that is the cause, which may stand in another file
// than the table it is about. [All] lists the checks; to add one, write its
// file, its page and its cases, and add it there.
package checks

import (
	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/dsn"
)

// A Check is a rule and the function that finds its violations.
type Check struct {
	Rule *rules.Rule
	Run  func(*Pass)
}

// All returns the checks, sorted by rule.
//
// Not included, because
//   - masked columns and SECURITY LABEL: a label settles what a column holds
//     (see package phi), it is nothing to report;
//   - indexes on row security predicates: about speed, not about access;
//   - privileges on sequences: they show how many rows there are, not whose.
func All() []Check {
	return []Check{
		{dsn.TLSNotEnforced, checkConnectionTLS},
		{dsn.CredentialsInDSN, checkConnectionPasswords},
		{phiValueInName, checkNames},
		{phiValueInComment, checkComments},
		{phiValueInDefinition, checkDefinitions},
		{phiLiteralInStatement, checkLiterals},
		{phiColumnInPlaintext, checkPlaintext},
		{identityMixedWithClinical, checkMixed},
		{guessablePersonKey, checkPersonKeys},
		{uniquePlaintextIdentifier, checkUnique},
		{encryptedColumnIndexed, checkEncryptedIndex},
		{phiRaised, checkRaised},
		{phiNotified, checkNotified},
		{dynamicSqlWithPhi, checkDynamic},
		{vectorOfPhi, checkVectors},
		{plaintextInEncryptCall, checkEncryptCalls},
		{ciphertextInTextColumn, checkCiphertextType},
		{ciphertextWithoutKeyVersion, checkKeyVersion},
		{phiTermInTableName, checkTableNames},
		{rlsMissing, checkRLSMissing},
		{rlsNotForced, checkRLSForced},
		{rlsPolicyInert, checkPolicyInert},
		{rlsPolicyAlwaysTrue, checkPolicyTrue},
		{rlsNoPolicy, checkNoPolicy},
		{rlsBypassingRole, checkBypassingRoles},
		{viewBypassesRls, checkViews},
		{materializedPhi, checkMaterialized},
		{securityDefinerReadsPhi, checkDefiners},
		{rlsSessionVariable, checkSessionVariable},
		{setNotLocal, checkSetNotLocal},
		{viewExposesPhi, checkViewExposes},
		{policyForEveryRole, checkPolicyRoles},
		{rlsWriteUnchecked, checkWriteUnchecked},
		{rlsPolicyIgnoresRow, checkIgnoresRow},
		{rlsAuthInverted, checkAuthInverted},
		{loginNeverExpires, checkLoginExpires},
		{rlsOnlyRestrictive, checkOnlyRestrictive},
		{rlsByDatabaseUser, checkByUser},
		{grantToPublic, checkGrantPublic},
		{defaultPrivilegesToPublic, checkDefaultPublic},
		{grantTooBroad, checkGrantBroad},
		{grantToLoginRole, checkGrantLogin},
		{functionExecutableByPublic, checkFunctionPublic},
		{grantToAnonymous, checkGrantAnonymous},
		{triggerBypassesRls, checkTriggers},
		{leakproofOnPhi, checkLeakproof},
		{rlsPolicyLiteralIdentity, checkLiteralIdentity},
		{rlsPolicyBroken, checkPolicyBroken},
		{phiPublished, checkPublications},
		{phiCopiedOut, checkCopyOut},
		{auditTableMutable, checkAuditMutable},
		{auditRetentionShort, checkRetention},
		{auditTableUnwritten, checkAuditUnwritten},
		{rlsPolicyDuplicate, checkPolicyDuplicate},
		{plaintextRolePassword, checkRolePassword},
		{embeddedCredential, checkEmbeddedCredentials},
		{literalEncryptionKey, checkLiteralKeys},
		{keyInSessionSetting, checkKeySettings},
		{keyStoredInTable, checkStoredKeys},
		{weakPasswordHash, checkPasswordHash},
		{weakCipher, checkWeakCipher},
		{unkeyedHashOfIdentifier, checkUnkeyedHash},
		{encryptionOptionUnknown, checkEncryptionOptions},
		{pgauditMissing, checkPgauditMissing},
		{pgauditClassesMissing, settingsCheck(pgauditClassesMissing)},
		{pgauditLogsParameters, settingsCheck(pgauditLogsParameters)},
		{setRoleUnaudited, settingsCheck(setRoleUnaudited)},
		{pgauditWeakened, checkWeakened},
		{statementValuesLogged, settingsCheck(statementValuesLogged)},
		{passwordsLogged, settingsCheck(passwordsLogged)},
		{connectionsUnlogged, settingsCheck(connectionsUnlogged)},
		{logFilesReadable, settingsCheck(logFilesReadable)},
		{serverTlsOff, settingsCheck(serverTlsOff)},
		{serverTlsVersionWeak, settingsCheck(serverTlsVersionWeak)},
		{hbaPlaintextConnection, checkPlainRecords},
		{hbaWeakAuthentication, checkWeakRecords},
		{hbaOpenToAll, checkOpenRecords},
		{sessionTimeoutOff, settingsCheck(sessionTimeoutOff)},
		{archiveUnencrypted, settingsCheck(archiveUnencrypted)},
		{neonProjectNotHipaa, checkNeonProjects},
		{auditWithoutObjectNames, settingsCheck(auditWithoutObjectNames)},
		{logCarriesDetail, settingsCheck(logCarriesDetail)},
		{statementNotParsed, checkUnparsed},
		{extensionMissing, checkExtensions},
		{dependsOnUnparsed, checkDepends},
		{effectNotModelled, checkUnmodelled},
	}
}

// Rules returns the rules of all checks, in the order of [All].
func Rules() []*rules.Rule {
	var out []*rules.Rule
	for _, c := range All() {
		out = append(out, c.Rule)
	}
	return out
}
