// Package hipaa holds the sections of 45 CFR part 164 that phivet's rules cite.
//
// It is the only place that spells a section: rules refer to its constants, so
// a citation that does not exist does not compile. The texts are the headings
// of the regulation as published in the Code of Federal Regulations.
package hipaa

import "fmt"

// A Citation names one provision of 45 CFR part 164, such as "164.312(b)".
type Citation string

// The provisions that rules cite. R marks a required and A an addressable
// implementation specification of the Security Rule (45 CFR 164.306(d)).
const (
	ActivityReview       Citation = "164.308(a)(1)(ii)(D)" // R
	WorkforceSecurity    Citation = "164.308(a)(3)"
	AccessManagement     Citation = "164.308(a)(4)"
	AccessAuthorization  Citation = "164.308(a)(4)(ii)(B)" // A
	LogInMonitoring      Citation = "164.308(a)(5)(ii)(C)" // A
	PasswordManagement   Citation = "164.308(a)(5)(ii)(D)" // A
	DataBackup           Citation = "164.308(a)(7)(ii)(A)" // R
	BusinessAssociates   Citation = "164.308(b)(1)"
	AccessControl        Citation = "164.312(a)(1)"
	UniqueUserID         Citation = "164.312(a)(2)(i)"   // R
	EmergencyAccess      Citation = "164.312(a)(2)(ii)"  // R
	AutomaticLogoff      Citation = "164.312(a)(2)(iii)" // A
	Encryption           Citation = "164.312(a)(2)(iv)"  // A
	AuditControls        Citation = "164.312(b)"
	Integrity            Citation = "164.312(c)(1)"
	Authentication       Citation = "164.312(d)"
	TransmissionSecurity Citation = "164.312(e)(1)"
	TransmissionCrypto   Citation = "164.312(e)(2)(ii)" // A
	Retention            Citation = "164.316(b)(2)(i)"  // R
	MinimumNecessary     Citation = "164.502(b)"
	BusinessDisclosure   Citation = "164.502(e)"
	Deidentification     Citation = "164.514(b)"
	SafeHarbor           Citation = "164.514(b)(2)(i)"
	ReidentificationCode Citation = "164.514(c)"
	MinimumUse           Citation = "164.514(d)"
	LimitedDataSet       Citation = "164.514(e)"
)

var titles = map[Citation]string{
	ActivityReview:       "Information system activity review",
	WorkforceSecurity:    "Workforce security",
	AccessManagement:     "Information access management",
	AccessAuthorization:  "Access authorization",
	LogInMonitoring:      "Log-in monitoring",
	PasswordManagement:   "Password management",
	DataBackup:           "Data backup plan",
	BusinessAssociates:   "Business associate contracts",
	AccessControl:        "Access control",
	UniqueUserID:         "Unique user identification",
	EmergencyAccess:      "Emergency access procedure",
	AutomaticLogoff:      "Automatic logoff",
	Encryption:           "Encryption and decryption",
	AuditControls:        "Audit controls",
	Integrity:            "Integrity",
	Authentication:       "Person or entity authentication",
	TransmissionSecurity: "Transmission security",
	TransmissionCrypto:   "Encryption of transmissions",
	Retention:            "Retention of documentation for six years",
	MinimumNecessary:     "Minimum necessary",
	BusinessDisclosure:   "Disclosures to business associates",
	Deidentification:     "De-identification of protected health information",
	SafeHarbor:           "The eighteen identifiers of the safe harbor",
	ReidentificationCode: "Re-identification codes",
	MinimumUse:           "Minimum necessary uses and disclosures",
	LimitedDataSet:       "Limited data set",
}

// Title returns the heading of the provision, or "" for a citation that is not
// one of this package's constants.
func (c Citation) Title() string { return titles[c] }

// String returns the citation as lawyers write it, such as "45 CFR 164.312(b)".
func (c Citation) String() string { return "45 CFR " + string(c) }

// URL returns the address of the section in the electronic Code of Federal
// Regulations. Paragraphs have no stable anchors there, so they are cut off.
func (c Citation) URL() string {
	section := string(c)
	for i, r := range section {
		if r == '(' {
			section = section[:i]
			break
		}
	}
	return fmt.Sprintf("https://www.ecfr.gov/current/title-45/section-%s", section)
}

// Known reports whether c is one of this package's constants.
func (c Citation) Known() bool { return titles[c] != "" }
