package phi_test

import (
	"testing"

	"github.com/phivet/phivet/rules/phi"
)

// clinic is a small health schema: name is PHI in patients and nothing in drugs.
func clinic(t *testing.T) *phi.Schema {
	t.Helper()
	return phi.Default().Classify([]phi.Table{
		table("patients", "id int", "name text", "birth_date date", "phone text"),
		table("drugs", "id int", "name text", "price numeric"),
		table("encounters", "id int", "patient_id int", "notes text", "diagnosis text"),
		table("staff", "id int", "name text", "email text"),
	}, nil)
}

// shop is a schema without any patient.
func shop(t *testing.T) *phi.Schema {
	t.Helper()
	return phi.Default().Classify([]phi.Table{
		table("customers", "id int", "first_name text", "email text", "birth_date date"),
		table("orders", "id int", "customer_id int", "notes text"),
		table("products", "id int", "name text"),
		table("carts", "id int"),
	}, nil)
}

func TestClassifyValue(t *testing.T) {
	health, other := clinic(t), shop(t)
	for _, test := range []struct {
		name   string
		value  phi.Value
		schema *phi.Schema
		tier   string
		cat    phi.Category
	}{
		{"column of the table", phi.Value{Name: "Name", Kind: "string", Owner: "Patient"}, health, "2", phi.Name},
		{"same name, other table", phi.Value{Name: "Name", Kind: "string", Owner: "Drug"}, health, "0", ""},
		{"staff", phi.Value{Name: "Name", Kind: "string", Owner: "Staff"}, health, "0..1", phi.Name},
		{"suffix of the type", phi.Value{Name: "Phone", Kind: "string", Owner: "CreatePatientParams"}, health, "2", phi.Phone},
		{"no schema", phi.Value{Name: "PhoneNumber", Kind: "string", Owner: "Patient"}, nil, "2", phi.Phone},
		{"getter", phi.Value{Name: "GetBirthDate", Kind: "time", Owner: "Patient"}, nil, "3", phi.Date},
		{"linked struct", phi.Value{Name: "Symptoms", Kind: "string", Owner: "MedicalRecord", Fields: []string{"PatientID"}}, nil, "3", phi.DX},
		{"national id, local", phi.Value{Name: "dni", Kind: "string"}, health, "3", phi.SSN},
		{"national id, int", phi.Value{Name: "identityNumber", Kind: "int"}, health, "3", phi.SSN},
		{"ssn without schema", phi.Value{Name: "ssn", Kind: "string"}, nil, "3", phi.SSN},
		{"ssn outside health", phi.Value{Name: "SSN", Kind: "string", Owner: "Customer"}, other, "3", phi.SSN},
		{"first name outside health", phi.Value{Name: "FirstName", Kind: "string", Owner: "Customer"}, other, "0", ""},
		{"patient id outside health", phi.Value{Name: "patientID", Kind: "int"}, other, "0", ""},
		{"name alone", phi.Value{Name: "name", Kind: "string"}, health, "0", ""},
		{"id alone", phi.Value{Name: "id", Kind: "int"}, health, "0", ""},
		{"email alone", phi.Value{Name: "email", Kind: "string"}, health, "0..1", phi.Email},
		{"name in a patient function", phi.Value{Name: "name", Kind: "string", Scope: "FindPatientByName repo"}, health, "2", phi.Name},
		{"name in a doctor function", phi.Value{Name: "name", Kind: "string", Scope: "FindDoctor patient"}, health, "0", ""},
		{"result of a patient function", phi.Value{Name: "result", Kind: "string", Scope: "GetPatient repo"}, health, "0..1", ""},
		{"message of a patient function", phi.Value{Name: "message", Kind: "string", Scope: "GetPatient repo"}, health, "0..1", ""},
		{"address in a patient package", phi.Value{Name: "address", Kind: "string", Scope: "startServer patient"}, health, "0", ""},
		{"address of a patient", phi.Value{Name: "address", Kind: "string", Scope: "CreatePatient repo"}, health, "2", phi.Geo},
		{"reason of a visit", phi.Value{Name: "Description", Kind: "string", Owner: "Appointment", Fields: []string{"PatientID"}}, nil, "2", phi.Note},
		{"message in a response", phi.Value{Name: "Message", Kind: "string", Owner: "PatientResponse"}, nil, "0..1", ""},
		{"name in what provides patients", phi.Value{Name: "name", Kind: "string", Scope: "providers.PatientProviderImpl.GetAge"}, health, "2", phi.Name},
		{"name of a provider", phi.Value{Name: "name", Kind: "string", Scope: "care.Provider.GetPatients"}, health, "0", ""},
		{"key by function", phi.Value{Name: "id", Kind: "int", Scope: "GetPatientByID"}, health, "0", phi.Link},
		{"key of an appointment", phi.Value{Name: "id", Kind: "int", Scope: "GetAppointment"}, health, "0", ""},
		{"patient key", phi.Value{Name: "patientID", Kind: "int"}, health, "0", phi.Link},
		{"patient key, text", phi.Value{Name: "patientId", Kind: "string"}, health, "1", phi.Link},
		{"patient key, Indonesian", phi.Value{Name: "idPasien", Kind: "int"}, health, "0", phi.Link},
		{"key of a resource", phi.Value{Name: "FhirID", Kind: "string", Owner: "CarePlan", Fields: []string{"PatientID"}}, nil, "0..1", ""},
		{"key of a person's resource", phi.Value{Name: "FhirID", Kind: "string", Owner: "Patient"}, nil, "2", phi.OtherID},
		{"doctor key", phi.Value{Name: "doctorID", Kind: "int"}, health, "0", ""},
		{"tag says PHI", phi.Value{Name: "Data", Kind: "string", Tag: `phi:"note"`}, nil, "3", phi.Note},
		{"tag says not", phi.Value{Name: "SSN", Kind: "string", Tag: `json:"ssn" phi:"-"`}, nil, "0", ""},
		{"tag names the column", phi.Value{Name: "A", Kind: "string", Owner: "Patient", Tag: `gorm:"column:first_name;size:20"`}, nil, "2", phi.Name},
		{"error", phi.Value{Name: "ssnErr", Kind: "error"}, nil, "0", ""},
		{"boolean", phi.Value{Name: "hasSSN", Kind: "bool"}, nil, "0", ""},
		{"logger in a service", phi.Value{Name: "name", Kind: "string", Owner: "PatientService"}, nil, "0..1", ""},
		{"hash", phi.Value{Name: "ssnHash", Kind: "string"}, nil, "1", phi.SSN},
		{"count", phi.Value{Name: "patientCount", Kind: "int"}, health, "0", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := phi.Default().ClassifyValue(test.value, test.schema)
			if !tierIn(got.Tier, test.tier) || test.cat != "" && got.Tier > 0 && got.Category != test.cat || test.cat == phi.Link && got.Category != phi.Link || test.tier == "0" && test.cat == "" && got.Category == phi.Link {
				t.Errorf("%+v: got tier %d %q (%s), want tier %s %q", test.value, got.Tier, got.Category, got.Reason, test.tier, test.cat)
			}
		})
	}
}

func TestClassifyType(t *testing.T) {
	str := func(names ...string) (out []phi.Value) {
		for _, n := range names {
			out = append(out, phi.Value{Name: n, Kind: "string"})
		}
		return out
	}
	for _, test := range []struct {
		name   string
		fields []phi.Value
		phi    bool
	}{
		{"Patient", str("ID", "Name", "Phone"), true},
		{"Beneficiary", str("ID", "MBI"), true},
		{"User", str("ID", "Name", "Email"), false},
		{"Product", str("ID", "Name", "Description"), false},
		{"Dentist", str("ID", "Name", "LicenseNumber"), false},
		{"PatientService", str("name", "table"), false},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := phi.Default().ClassifyType(test.name, test.fields, nil); got.PHI() != test.phi {
				t.Errorf("got %+v, want PHI %v", got, test.phi)
			}
		})
	}
}
