package phi_test

import (
	"testing"

	"github.com/phivet/phivet/rules/phi"
)

// TestHealthGate has schemas of which it must be plain, by their tables alone,
// whether they are about health.
func TestHealthGate(t *testing.T) {
	plain := []phi.Table{table("users", "id int", "email text"), table("tokens", "id int"), table("permissions", "code text"), table("events", "id int")}
	for _, test := range []struct {
		name   string
		tables []phi.Table
		want   bool
	}{
		{"one table of patients among others", []phi.Table{table("patients", "id int", "first_name text", "birth_date date")}, true},
		{"patients without a person's column", []phi.Table{table("patients", "id int", "state text")}, false},
		{"keys of patients, nothing clinical", []phi.Table{table("phone_numbers", "patient_id uuid"), table("emails", "patient_id uuid")}, true},
		{"readings of users", []phi.Table{table("GlucoseLog", "userId int", "value int"), table("Hba1cLog", "userId int", "value int")}, true},
		{"lists of kinds of readings", []phi.Table{table("vital_types", "id int"), table("glucose_units", "id int")}, false},
		{"clients of therapists", []phi.Table{table("sessions", "client_id int", "therapist_id int"), table("goals", "client_id int", "therapist_id int")}, true},
		{"patients of a veterinarian", []phi.Table{table("patients", "id int", "name text", "breed text"), table("appointments", "patient_id int", "reason text")}, false},
		{"keys in front", []phi.Table{table("internacao", "id_internacao int", "id_paciente int", "id_medico int", "id_sala int"), table("paciente", "id_pessoa int", "plano text")}, true},
		{"what is given in care", []phi.Table{table("MedicationSheet", "residentId int"), table("prescription", "id int", "dosage text")}, true},
		{"what is given to animals", []phi.Table{table("MedicationSheet", "petId int"), table("prescription", "id int", "dosage text"), table("pets", "name text")}, false},
		{"one catalogue", []phi.Table{table("medicines", "id int", "name text")}, false},
		{"a status of users", []phi.Table{table("period_status", "user_id int", "on_period bool"), table("symptom_logs", "user_id int")}, true},
		{"appointments of patients", []phi.Table{table("appointments", "id int", "patient_id uuid", "notes text")}, true},
		{"appointments of users", []phi.Table{table("appointments", "id int", "user_id uuid", "name text", "notes text")}, false},
		{"what food has", []phi.Table{table("foods", "id int", "name text", "kcal int", "cholesterol int"), table("recipes", "id int", "protein int", "cholesterol int")}, false},
		{"customers of a massage", []phi.Table{table("reservations", "customer_id int", "therapist_id int", "notes text"), table("ratings", "customer_id int", "therapist_id int", "memo text")}, false},
		{"customers of a clinic", []phi.Table{table("reservations", "customer_id int", "doctor_id int", "notes text"), table("ratings", "customer_id int", "nurse_id int", "memo text")}, true},
		{"clients of lawyers", []phi.Table{table("cases", "client_id int", "lawyer_id int"), table("hearings", "client_id int", "lawyer_id int")}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := phi.Default().Classify(append(test.tables, plain...), nil).Health(); got != test.want {
				t.Errorf("got %v", got)
			}
		})
	}
}

// TestWhoseRows has tables whose rows are about a patient, or about somebody
// else, although their own names do not say so.
func TestWhoseRows(t *testing.T) {
	users := table("users", "id int", "email text", "phone text")
	tracker := []phi.Table{users, table("glucose_logs", "id int", "user_id int users", "value numeric"), table("hba1c_logs", "user_id int users", "value numeric")}
	clinic := append([]phi.Table{table("patients", "id int", "ssn text")}, tracker...)
	therapy := []phi.Table{
		table("profiles", "id int", "full_name text", "date_of_birth date"),
		table("clients", "id int", "full_name text"),
		table("session_notes", "client_id int clients", "therapist_id int profiles", "content text"),
		table("goals", "client_id int clients", "therapist_id int profiles", "body text"),
		table("promo_codes", "created_by int profiles", "description text"),
		table("subscriptions", "user_id int profiles", "description text"),
		table("diaries", "owner_client_id int clients", "body text"),
	}
	home := []phi.Table{
		table("residents", "id int", "name text", "birthday date"), table("medication_sheets", "resident_id int residents", "observation text"),
		table("prescriptions", "sheet_id int medication_sheets", "dosage text"), table("medicines", "id int", "name text"), table("employees", "id int", "name text"),
	}
	shop := []phi.Table{
		table("customers", "id int", "phone text"), table("doctors", "id int", "phone text"),
		table("queue_entries", "customer_id int customers", "doctor_id int doctors"), table("orders", "customer_id int customers", "pharmacist_id int"),
	}
	booked := []phi.Table{users, table("appointments", "user_id int users", "doctor_id int", "reason text"), table("doctors", "id int")}
	clerks := []phi.Table{users, table("appointments", "user_id int users", "doctor_id int", "patient_id int", "reason text"), table("patients", "id int")}
	doses := []phi.Table{users, table("vaccinations", "user_id int users", "vaccine_name text"), table("medications", "id int", "description text")}
	for _, test := range []struct {
		name   string
		tables []phi.Table
		column [2]string
		phi    bool
	}{
		{"resident of a home", home, [2]string{"residents", "name"}, true},
		{"sheet of a resident", home, [2]string{"medication_sheets", "observation"}, true},
		{"line of a sheet", home, [2]string{"prescriptions", "dosage"}, true},
		{"medicine of a home", home, [2]string{"medicines", "name"}, false},
		{"employee of a home", home, [2]string{"employees", "name"}, false},
		{"customer of a doctor", shop, [2]string{"customers", "phone"}, true},
		{"doctor of a customer", shop, [2]string{"doctors", "phone"}, false},
		{"user of a doctor", booked, [2]string{"users", "phone"}, true},
		{"clerk of a doctor", clerks, [2]string{"users", "phone"}, false},
		{"dose of a user", doses, [2]string{"vaccinations", "vaccine_name"}, true},
		{"medication of nobody", doses, [2]string{"medications", "description"}, false},
		{"reading of a user", tracker, [2]string{"glucose_logs", "value"}, true},
		{"user with readings", tracker, [2]string{"users", "phone"}, true},
		{"user beside patients", clinic, [2]string{"users", "phone"}, false},
		{"reading beside patients", clinic, [2]string{"glucose_logs", "value"}, true},
		{"client of a therapist", therapy, [2]string{"clients", "full_name"}, true},
		{"note of a therapist", therapy, [2]string{"session_notes", "content"}, true},
		{"child of a client", therapy, [2]string{"diaries", "body"}, true},
		{"who made it", therapy, [2]string{"promo_codes", "description"}, false},
		{"accounts shared with therapists", therapy, [2]string{"subscriptions", "description"}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, ok := phi.Default().Classify(test.tables, nil).Table("", test.column[0]).Column(test.column[1])
			if !ok || got.PHI() != test.phi {
				t.Errorf("%v: got %+v", test.column, got)
			}
		})
	}
}

// TestNotPatients has columns beside those of patients that hold nothing of
// them, each with a twin that does.
func TestNotPatients(t *testing.T) {
	said := func(comment string, tab phi.Table) phi.Table {
		tab.Comment = comment
		return tab
	}
	tables := []phi.Table{
		table("patients", "id int", "ssn text", "insurance_number text"),
		said("lists without PHI", table("outcomes", "id int", "description text")),
		said("PHI of a case", table("case_people", "id int", "description text")),
		said("PHI-free copy", table("free_people", "id int", "description text")),
		said("keys for PHI", table("encryption_keys", "id int", "fingerprint text")),
		table("scans", "patient_id int", "fingerprint_template text"),
		table("course_enrollments", "course_id int", "user_id int", "comment text"),
		table("enrollments", "patient_id int", "comment text"),
		table("treatments", "patient_id int", "commission_amount numeric", "amount numeric", "server_timestamp timestamptz", "given_on date", "pulse_rate int", "report_number text", "report text"),
		table("patient_people", "patient_id int", "first_name_th text", "patient_info text"),
		table("insurance_policies", "patient_id int", "number text"),
		table("soap_notes", "patient_id int", "source_hash text", "ai_model text", "plan text"),
		table("checkups", "patient_id int", "diagnosis text"),
		table("checkup_files", "checkup_id int checkups", "comment text"),
	}
	s := phi.Default().Classify(tables, nil)
	for column, want := range map[[2]string]bool{
		{"outcomes", "description"}:         false,
		{"free_people", "description"}:      false,
		{"case_people", "description"}:      true,
		{"encryption_keys", "fingerprint"}:  false,
		{"scans", "fingerprint_template"}:   true,
		{"course_enrollments", "comment"}:   false,
		{"enrollments", "comment"}:          true,
		{"treatments", "commission_amount"}: false,
		{"treatments", "amount"}:            true,
		{"treatments", "server_timestamp"}:  false,
		{"treatments", "given_on"}:          true,
		{"treatments", "report_number"}:     false,
		{"treatments", "report"}:            true,
		{"patient_people", "first_name_th"}: true,
		{"patient_people", "patient_info"}:  true,
		{"insurance_policies", "number"}:    true,
		{"soap_notes", "source_hash"}:       false,
		{"soap_notes", "ai_model"}:          false,
		{"soap_notes", "plan"}:              true,
		{"checkup_files", "comment"}:        true,
	} {
		if got, ok := s.Table("", column[0]).Column(column[1]); !ok || got.PHI() != want {
			t.Errorf("%v: got %+v, want PHI %v", column, got, want)
		}
	}
}
