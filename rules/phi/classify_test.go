package phi_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/phivet/phivet/rules/phi"
)

// table makes a table of "name type" columns; a third word is the table that a
// foreign key refers to.
func table(name string, columns ...string) phi.Table {
	t := phi.Table{Schema: "public", Name: name}
	for _, c := range columns {
		f := strings.Fields(c)
		t.Columns = append(t.Columns, phi.Column{Name: f[0], Type: f[1]})
		if len(f) > 2 {
			t.ForeignKeys = append(t.ForeignKeys, phi.ForeignKey{Columns: f[:1], Table: f[2]})
		}
	}
	return t
}

// supabase adds a foreign key to the accounts that Supabase keeps.
func supabase(t phi.Table, column string) phi.Table {
	t.ForeignKeys = append(t.ForeignKeys, phi.ForeignKey{Columns: []string{column}, Schema: "auth", Table: "users"})
	return t
}

// declared makes a table whose comment says that it holds PHI.
func declared(name string, columns ...string) phi.Table {
	t := table(name, columns...)
	t.Comment = "PHI of meetings"
	return t
}

// TestContext has the columns that only their surroundings explain.
func TestContext(t *testing.T) {
	for _, test := range []struct {
		name   string
		tables []phi.Table
		column string // table.column
		tier   string
		cat    phi.Category
	}{
		{"attribute table of patients", []phi.Table{table("patients", "id uuid"), table("patient_phone_numbers", "patient_id uuid", "number text")}, "patient_phone_numbers.number", "2", phi.Phone},
		{"drug of a patient", []phi.Table{table("patients", "id uuid"), table("prescription_drugs", "id uuid", "patient_id uuid", "name text")}, "prescription_drugs.name", "3", phi.RX},
		{"drug of the catalogue", []phi.Table{table("patients", "id uuid", "ssn text"), table("drugs", "id uuid", "name text")}, "drugs.name", "0", ""},
		{"who was called", []phi.Table{table("patients", "id uuid", "ssn text"), table("call_logs", "id uuid", "callee_phone_number text")}, "call_logs.callee_phone_number", "2", phi.Phone},
		{"address by foreign key", []phi.Table{table("patients", "id int", "home int addresses"), table("addresses", "id int", "city text")}, "addresses.city", "2", phi.Geo},
		{"address of a facility", []phi.Table{table("patients", "id int"), table("facilities", "id int", "city text")}, "facilities.city", "0", ""},
		{"child of a note", []phi.Table{table("notes", "id int", "patient_id int"), table("note_parts", "id int", "note int notes", "body text"), table("patients", "id int")}, "note_parts.body", "2", phi.Note},
		{"prefix of all columns", []phi.Table{table("patients", "p_id int", "p_fname text", "p_lname text", "p_tel text"), table("visits", "patient_id int")}, "patients.p_fname", "2", phi.Name},
		{"fused prefix", []phi.Table{table("patient", "ptid int", "ptlname text", "ptfax text", "ptzip text", "ptcity text", "ptdob date"), table("visits", "patient_id int")}, "patient.ptfax", "2", phi.Fax},
		{"staff has birthdays too", []phi.Table{table("patients", "id int", "ssn text"), table("staff", "id int", "dob date")}, "staff.dob", "0..1", phi.Date},
		{"accounts of patients", []phi.Table{table("patients", "id int", "user_id int users"), table("users", "id int", "full_name text", "date_of_birth date"), table("visits", "patient_id int")}, "users.full_name", "2", phi.Name},
		{"clerk of patients", []phi.Table{table("patients", "id int", "user_id int users"), table("users", "id int", "name text"), table("visits", "patient_id int")}, "users.name", "0..1", phi.Name},
		{"gate closed", []phi.Table{table("users", "id int", "dob date", "first_name text")}, "users.dob", "0", ""},
		{"gate closed, ssn", []phi.Table{table("users", "id int", "ssn text")}, "users.ssn", "3", phi.SSN},
		{"Spanish", []phi.Table{table("pacientes", "id int", "domicilio text", "dni text")}, "pacientes.domicilio", "2", phi.Geo},
		{"Indonesian", []phi.Table{table("pasien", "id int", "tanggal_lahir date")}, "pasien.tanggal_lahir", "3", phi.Date},
		{"Turkish", []phi.Table{table("Hastalar", "hasta_id int", "soyad text", "kan_grubu text"), table("Randevular", "hasta_id int", "durum text", "aciklama text")}, "Hastalar.soyad", "2", phi.Name},
		{"Turkish, care", []phi.Table{table("Hastalar", "hasta_id int", "soyad text"), table("Randevular", "hasta_id int", "aciklama text")}, "Randevular.aciklama", "2", phi.Note},
		{"until is no patient", []phi.Table{table("pacientes", "id int", "nombre text"), table("turnos", "paciente_id int", "fecha_hasta date"), table("tarifas", "id int", "vigente_hasta text", "nombre text")}, "tarifas.nombre", "0..1", ""},
		{"Italian", []phi.Table{table("PAZIENTE", "ID_PAZIENTE int", "COGNOME text", "CF text")}, "PAZIENTE.CF", "2", phi.SSN},
		{"Polish", []phi.Table{table("pacjenci", "id int", "nazwisko text", "choroba text")}, "pacjenci.choroba", "3", phi.DX},
		{"Russian", []phi.Table{table("pacienty", "id int", "familiya text", "diagnoz text")}, "pacienty.diagnoz", "3", phi.DX},
		{"Vietnamese", []phi.Table{table("benhnhan", "id int", "ho_ten text", "ngay_sinh date")}, "benhnhan.ngay_sinh", "3", phi.Date},
		{"whose name", []phi.Table{table("kunjungan", "id int", "nama_pasien text", "keterangan text"), table("dokter", "id int", "nama text")}, "kunjungan.keterangan", "2", phi.Note},
		{"the doctor's number", []phi.Table{table("patients", "id int", "iin text"), table("reports", "patient_id int", "doctor_iin text")}, "reports.doctor_iin", "0", ""},
		{"unit behind a measure", []phi.Table{table("patients", "id int", "ssn text"), table("visits", "patient_id int", "weight_in_kg numeric")}, "visits.weight_in_kg", "2", phi.Vital},
		{"key of a card", []phi.Table{table("patients", "id int", "ssn text"), table("card_patient", "id_card_patient int", "patient_id int")}, "card_patient.id_card_patient", "0..1", ""},
		{"stamp in another language", []phi.Table{table("pacientes", "id int", "nombre text"), table("turnos", "paciente_id int", "fecha_creacion timestamp")}, "turnos.fecha_creacion", "0..1", ""},
		{"a booking by name", []phi.Table{table("patients", "id int", "ssn text"), table("appointments", "id int", "name text", "phone text", "slot timestamp")}, "appointments.name", "2", phi.Name},
		{"a session of a therapy", []phi.Table{table("patients", "id int", "ssn text"), table("sessions", "id int", "patient_id int", "notes text")}, "sessions.notes", "2", phi.Note},
		{"a session of a login", []phi.Table{table("patients", "id int", "ssn text"), table("sessions", "id int", "user_id int", "notes text")}, "sessions.notes", "0..1", ""},
		{"accounts of an application for patients", []phi.Table{supabase(table("profiles", "id uuid", "name text", "date_of_birth date"), "id"), table("vitals", "user_id uuid", "heart_rate int"), supabase(table("sms_logs", "user_id uuid", "message text"), "user_id")}, "sms_logs.message", "2", phi.Note},
		{"accounts of a clinic", []phi.Table{table("patients", "id uuid", "ssn text"), supabase(table("profiles", "id uuid", "name text", "date_of_birth date"), "id"), supabase(table("payrolls", "user_id uuid", "comment text"), "user_id")}, "payrolls.comment", "0..1", ""},
		{"whom to call", []phi.Table{table("patients", "id int", "ssn text"), table("emergency_contacts", "id int", "user_id int", "name text")}, "emergency_contacts.name", "2", phi.Name},
		{"what was sent is no trail", []phi.Table{table("patients", "id int", "ssn text"), table("reminder_log", "patient_id int", "message text"), table("access_log", "patient_id int", "message text")}, "reminder_log.message", "2", phi.Note},
		{"a trail", []phi.Table{table("patients", "id int", "ssn text"), table("access_log", "patient_id int", "message text")}, "access_log.message", "0..1", ""},
		{"a timestamp is no name", []phi.Table{table("patients", "id int", "ssn text"), table("pacientes", "id int", "nombre text", "bloqueado_hasta timestamp")}, "pacientes.bloqueado_hasta", "0..2", phi.Date},
		{"a timestamp is no address", []phi.Table{table("patients", "id int", "ssn text", "consent_email_at timestamp")}, "patients.consent_email_at", "0..1", ""},
		{"the key of an address", []phi.Table{table("pacientes", "id int", "nombre text", "direccion uuid direcciones"), table("direcciones", "id uuid", "calle text")}, "pacientes.direccion", "0", ""},
		{"a gas is nobody's name", []phi.Table{table("patients", "id int", "ssn text"), table("hourly_records", "patient_id int", "fio2 numeric")}, "hourly_records.fio2", "2", phi.Vital},
		{"serial of a certificate", []phi.Table{table("patients", "id int", "ssn text"), table("signatures", "patient_id int", "cert_serial_number text")}, "signatures.cert_serial_number", "0..1", ""},
		{"a state may be told", []phi.Table{table("patients", "id int", "ssn text", "address_state text")}, "patients.address_state", "0..1", ""},
		{"title of a goal", []phi.Table{table("patients", "id int", "ssn text"), table("treatment_goals", "patient_id int", "title text")}, "treatment_goals.title", "2", phi.Note},
		{"row before a change", []phi.Table{table("patients", "id int", "ssn text"), table("patients_audit", "patient_id int", "before_data jsonb")}, "patients_audit.before_data", "2", phi.Note},
		{"row before any change", []phi.Table{table("patients", "id int", "ssn text"), table("audit_logs", "user_id int", "old_data jsonb")}, "audit_logs.old_data", "0..1", ""},
		{"length of a session", []phi.Table{table("patients", "id int", "ssn text"), table("sessions", "patient_id int", "notes text", "duration int")}, "sessions.duration", "0..1", ""},
		{"length of a course of drugs", []phi.Table{table("patients", "id int", "ssn text"), table("treatments", "patient_id int", "drug_name text", "duration int")}, "treatments.duration", "2", phi.RX},
		{"Spanish passport", []phi.Table{table("pacientes", "id int", "nombre text", "pasaporte text")}, "pacientes.pasaporte", "2", phi.License},
		{"what an exam points at", []phi.Table{table("pacientes", "id int", "nombre text"), table("examenes", "id int", "paciente_id int", "diagnostico text", "blood_chemistry_id int"), table("blood_chemistry", "id int", "creatinina real", "glucosa real")}, "blood_chemistry.creatinina", "2..3", phi.Lab},
		{"what a diet points at", []phi.Table{table("patients", "id int", "ssn text"), table("meal_visits", "id int", "patient_id int", "diagnosis text", "food_id int"), table("foods", "id int", "cholesterol real", "glucose real")}, "foods.cholesterol", "0..1", ""},
		{"what an exam asks for", []phi.Table{table("patients", "id int", "ssn text"), table("exams", "id int", "patient_id int", "diagnosis text", "panel_id int"), table("panels", "id int", "name text", "cholesterol real", "glucose real")}, "panels.cholesterol", "0..1", ""},
		{"Spanish vitals", []phi.Table{table("pacientes", "id int", "nombre text"), table("consultas", "paciente_id int", "sistolica int")}, "consultas.sistolica", "2", phi.Vital},
		{"Spanish message", []phi.Table{table("pacientes", "id int", "nombre text"), table("mensajes_internos", "paciente_id int", "mensaje text")}, "mensajes_internos.mensaje", "2", phi.Note},
		{"until a number is known, Indonesian", []phi.Table{table("pacientes", "id int", "identifikasi_temporal text"), table("consultas", "paciente_id int", "diagnostico text")}, "pacientes.identifikasi_temporal", "2", phi.OtherID},
		{"validity of a certificate", []phi.Table{table("patients", "id int", "ssn text"), table("visits", "patient_id int", "cert_valid_until timestamp")}, "visits.cert_valid_until", "0..1", phi.Date},
		{"transcript of a recording", []phi.Table{table("patients", "id int", "ssn text"), table("recordings", "id int", "patient_id int", "url text"), table("transcripts", "id int", "recording_id int recordings", "transcript_text text")}, "transcripts.transcript_text", "2..3", phi.Note},
		{"goods that a treatment used up", []phi.Table{table("patients", "id int", "ssn text"), table("treatments", "id int", "patient_id int", "drug text"), table("stock_movements", "id int", "treatment_id int treatments", "reason text")}, "stock_movements.reason", "0..1", ""},
		{"how long a stay was", []phi.Table{table("patients", "id int", "ssn text"), table("icustays", "patient_id int", "los double")}, "icustays.los", "2", phi.Enc},
		{"whence a date of death is known", []phi.Table{table("patients", "id int", "ssn text", "dod_ssn timestamp")}, "patients.dod_ssn", "2", phi.Date},
		{"profiles of a laboratory", []phi.Table{table("work_orders", "id int", "patient_name text", "patient_id text", "doctor_id uuid profiles"), table("profiles", "id uuid", "full_name text", "birth_date date"), table("couriers", "id int", "profile_id uuid profiles", "notes text")}, "profiles.full_name", "0..1", ""},
		{"equipment of a laboratory", []phi.Table{table("work_orders", "id int", "patient_name text", "patient_id text"), table("profiles", "id uuid", "full_name text", "birth_date date"), table("equipment", "id int", "lab_id uuid profiles", "notes text")}, "equipment.notes", "0..1", ""},
		{"profiles of patients", []phi.Table{table("visits", "id int", "patient_id uuid profiles", "diagnosis text"), table("profiles", "id uuid", "full_name text", "birth_date date")}, "profiles.full_name", "2", phi.Name},
		{"what an employer pays", []phi.Table{table("patients", "id int", "ssn text"), table("payroll_links", "id int", "employer_health_insurance int")}, "payroll_links.employer_health_insurance", "0..1", ""},
		{"a choice of patients", []phi.Table{table("patients", "id int", "ssn text"), table("automations", "id int", "reminder_patient_ids jsonb", "message text")}, "automations.message", "0..1", ""},
		{"members of a committee", []phi.Table{table("patients", "id int", "ssn text"), declared("members", "profile_id int profiles"), table("profiles", "id int", "name text", "email text")}, "profiles.name", "0..1", ""},
		{"notes of a therapy", []phi.Table{table("patients", "id int", "ssn text"), table("soap_notes", "appointment_id int", "subjective text")}, "soap_notes.subjective", "2..3", phi.Note},
		{"list of insurers", []phi.Table{table("patient", "user_id int", "ssn text"), table("insurances", "id int", "name text"), table("patient_insurances", "user_id int patient", "insurance_id int insurances")}, "insurances.name", "0..1", ""},
		{"policy of a patient", []phi.Table{table("patient", "id int", "ssn text", "insurance_id int insurances"), table("insurances", "id int", "name text", "policy_number text")}, "insurances.policy_number", "2..3", phi.Plan},
		{"patients that are accounts", []phi.Table{table("app_user", "id int", "name text", "email text"), table("patient", "user_id int app_user"), table("doctor", "user_id int app_user"), table("visits", "patient_id int")}, "app_user.name", "2", phi.Name},
		{"the day of a prescription", []phi.Table{table("patients", "id int", "ssn text"), table("visits", "patient_id int", "medication_on date")}, "visits.medication_on", "2", phi.Date},
		{"a list of prices", []phi.Table{table("patients", "id int", "ssn text"), table("charges", "id int", "name text", "amount int"), table("radiology_tests", "charge_id int charges", "description text")}, "radiology_tests.description", "0..1", ""},
		{"narrative in Portuguese", []phi.Table{table("paciente", "id int", "nome text"), table("anamnese", "paciente_id int", "habitos text")}, "anamnese.habitos", "2", phi.Note},
		{"the doctor's national number", []phi.Table{table("patients", "id int", "ssn text"), table("appointments", "patient_id int", "doctor_pesel text")}, "appointments.doctor_pesel", "0", ""},
		{"a slot of the doctor", []phi.Table{table("patients", "id int", "ssn text"), table("availability", "id int", "doctor_dob date", "comment text")}, "availability.comment", "0", ""},
		{"number of the patient as key", []phi.Table{table("paciente", "cpf text", "nome text"), table("receita", "id int", "cpf_paciente text paciente", "data_emissao date")}, "receita.data_emissao", "2", phi.Date},
		{"name of a laboratory", []phi.Table{table("patients", "id int", "ssn text"), table("lab_orders", "patient_id int", "lab_name text")}, "lab_orders.lab_name", "0..1", ""},
		{"name of a result", []phi.Table{table("patients", "id int", "ssn text"), table("lab_orders", "patient_id int", "result_name text")}, "lab_orders.result_name", "3", phi.Lab},
		{"a dentist's measure", []phi.Table{table("patients", "id int", "ssn text"), table("perio_charts", "patient_id int", "pocket_depth int")}, "perio_charts.pocket_depth", "2", phi.Vital},
		{"grandchild in any order", []phi.Table{table("administration", "rx int prescription", "notes text"), table("prescription", "id int", "stay int recovery"), table("recovery", "id int", "diagnosis text", "who int patient"), table("patient", "id int", "name text")}, "administration.notes", "2", phi.Note},
		{"key of patients", []phi.Table{table("patients", "id int", "ssn text")}, "patients.id", "0", phi.Link},
		{"fused stamp", []phi.Table{table("patients", "id int", "ssn text", "changedate timestamp")}, "patients.changedate", "0..1", ""},
		{"aggregate", []phi.Table{table("stats", "patient_count int", "patients_seen int", "patients_with_hiv int", "a int", "b int", "c int", "d int", "e int"), table("patients", "id int", "ssn text")}, "stats.patients_with_hiv", "0", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := phi.Default().Classify(test.tables, nil)
			tab, col, _ := strings.Cut(test.column, ".")
			got, ok := s.Table("", tab).Column(col)
			if !ok || !tierIn(got.Tier, test.tier) || test.cat != "" && (got.Tier > 0 || test.cat == phi.Link) && got.Category != test.cat {
				t.Errorf("%s: got tier %d %q (%s), want tier %s %q", test.column, got.Tier, got.Category, got.Reason, test.tier, test.cat)
			}
		})
	}
}

// TestEnum has columns whose values are labels: a direction of a message is no
// address, a blood type is what it is.
func TestEnum(t *testing.T) {
	mensajes := table("mensajes", "paciente_id int", "direccion text", "grupo_sanguineo text", "motivo text", "temperatura text")
	for i := range mensajes.Columns[1:] {
		mensajes.Columns[i+1].Enum = true
	}
	s := phi.Default().Classify([]phi.Table{table("pacientes", "id int", "nombre text", "direccion text"), mensajes}, nil)
	for column, want := range map[[2]string]bool{
		{"pacientes", "direccion"}: true, {"mensajes", "direccion"}: false, {"mensajes", "grupo_sanguineo"}: true, {"mensajes", "motivo"}: false, {"mensajes", "temperatura"}: false,
	} {
		if got, _ := s.Table("", column[0]).Column(column[1]); got.PHI() != want {
			t.Errorf("%v: got %+v, want PHI %v", column, got, want)
		}
	}
}

// TestOverrides goes down the order in which declarations win.
func TestOverrides(t *testing.T) {
	base := func(change func(*phi.Table)) []phi.Table {
		tab := table("patients", "id int", "ssn text", "shoe text")
		change(&tab)
		return []phi.Table{tab, table("visits", "patient_id int")}
	}
	for _, test := range []struct {
		name   string
		cfg    phi.Config
		change func(*phi.Table)
		column string
		tier   int
		cat    phi.Category
	}{
		{"label over comment", phi.Config{}, func(t *phi.Table) {
			t.Columns[2].Label, t.Columns[2].Comment = "MASKED WITH FUNCTION anon.fake_name()", "@phi:none"
		}, "shoe", 2, phi.Attr},
		{"label keeps the category", phi.Config{}, func(t *phi.Table) { t.Columns[1].Label = "MASKED WITH VALUE NULL" }, "ssn", 3, phi.SSN},
		{"label none", phi.Config{}, func(t *phi.Table) { t.Columns[1].Label = "phi:none" }, "ssn", 0, ""},
		{"comment over configuration", phi.Config{Columns: map[string]string{"patients.ssn": "SSN"}}, func(t *phi.Table) { t.Columns[1].Comment = "test data only @phi:none" }, "ssn", 0, ""},
		{"comment gives a category", phi.Config{}, func(t *phi.Table) { t.Columns[2].Comment = "@phi:biometric" }, "shoe", 3, phi.Biometric},
		{"table comment", phi.Config{}, func(t *phi.Table) { t.Comment = "synthetic; @phi:none" }, "ssn", 0, ""},
		{"configured column", phi.Config{Columns: map[string]string{"public.patients.SHOE": "vital"}}, func(*phi.Table) {}, "shoe", 2, phi.Vital},
		{"configured table", phi.Config{Tables: map[string]string{"patients": "none"}}, func(*phi.Table) {}, "ssn", 0, ""},
		{"ignored word", phi.Config{Ignore: []string{"ssn"}}, func(*phi.Table) {}, "ssn", 0, ""},
		{"term", phi.Config{Terms: []string{"MRN: shoe number?"}}, func(*phi.Table) {}, "shoe", 3, phi.MRN},
		{"gate off", phi.Config{Health: "off"}, func(t *phi.Table) { t.Columns[2].Name = "dob" }, "dob", 0, ""},
		{"patient key", phi.Config{PatientKeys: []string{"shoe"}}, func(*phi.Table) {}, "shoe", 1, phi.Link},
	} {
		t.Run(test.name, func(t *testing.T) {
			l, err := phi.Load(test.cfg)
			if err != nil {
				t.Fatal(err)
			}
			got, _ := l.Classify(base(test.change), nil).Table("public", "patients").Column(test.column)
			if got.Tier != test.tier || got.Category != test.cat {
				t.Errorf("%s: got tier %d %q (%s), want tier %d %q", test.column, got.Tier, got.Category, got.Reason, test.tier, test.cat)
			}
		})
	}
}

func TestDeclaredTablespace(t *testing.T) {
	tab := table("Customers", "id int", "name text", "ssn text")
	tab.Tablespace = "phi_space"
	s := phi.Default().Classify([]phi.Table{tab}, nil)
	if got, _ := s.Table("", "customers").Column("name"); got.Tier != 2 {
		t.Errorf("name in a tablespace for PHI: got %+v, want tier 2", got)
	}
}

func TestPHITable(t *testing.T) {
	s := clinic(t)
	want := map[string]bool{"patients": true, "encounters": true, "drugs": false, "staff": false}
	for _, tab := range s.Tables() {
		if tab.PHI != want[tab.Name] {
			t.Errorf("table %s: PHI %v, want %v", tab.Name, tab.PHI, want[tab.Name])
		}
	}
	if diff := cmp.Diff([]string{"birth_date", "name", "phone"}, s.Table("", "PATIENTS").PHIColumns()); diff != "" {
		t.Errorf("PHIColumns (-want +got):\n%s", diff)
	}
}

func TestSchemaBytes(t *testing.T) {
	s := clinic(t)
	data, err := s.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	var back phi.Schema
	if err := back.UnmarshalBinary(data); err != nil {
		t.Fatal(err)
	}
	again, err := back.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	if string(data) != string(again) {
		t.Errorf("round trip changed the bytes:\n%q\n%q", data, again)
	}
	if diff := cmp.Diff(s.Tables(), back.Tables(), cmpopts.EquateEmpty(), cmpopts.IgnoreUnexported(phi.TableClass{})); diff != "" || back.Health() != s.Health() {
		t.Errorf("round trip (-want +got):\n%s", diff)
	}
	if back.Table("", "Patients") == nil {
		t.Error("no table after the round trip")
	}
}

// TestBrokenSchemaBytes reads what was cut off or changed.
func TestBrokenSchemaBytes(t *testing.T) {
	data, err := clinic(t).MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	for n := range data {
		if err := new(phi.Schema).UnmarshalBinary(data[:n]); err == nil {
			t.Errorf("%d of %d bytes are taken for a schema", n, len(data))
		}
		changed := bytes.Clone(data)
		changed[n] = ^changed[n]
		_ = new(phi.Schema).UnmarshalBinary(changed) // may be one, must not panic
	}
	if err := new(phi.Schema).UnmarshalBinary(append(bytes.Clone(data), 0)); err == nil {
		t.Error("a byte too many is taken")
	}
}

// largeSchema has n tables of 15 columns, every fourth about patients.
func largeSchema(n int) []phi.Table {
	columns := []string{"id bigint", "patient_id bigint", "first_name text", "mothersname text", "date_of_birth date", "phone_number text",
		"diagnosis_code text", "visit_date date", "notes text", "created_at timestamptz", "updated_at timestamptz", "status text", "hba1c_result numeric", "insurance_member_id text", "location_description text"}
	tables := make([]phi.Table, n)
	for i := range tables {
		c := columns
		if i%4 > 0 {
			c = append([]string{"id bigint", "name text"}, columns[2:]...)
		}
		tables[i] = table(fmt.Sprintf("table_%c%c_records", 'a'+i%26, 'a'+i/26%26), c...)
	}
	return tables
}

// BenchmarkClassify1000 is to stay under 100 ms.
func BenchmarkClassify1000(b *testing.B) {
	tables, l := largeSchema(1000), phi.Default()
	for b.Loop() {
		l.Classify(tables, nil)
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := phi.Load(phi.Config{Health: "on"}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkReadSchema is what every process of go vet does first.
func BenchmarkReadSchema(b *testing.B) {
	var tables []phi.Table
	for i := range 300 {
		t := phi.Table{Schema: "public", Name: fmt.Sprintf("patients_%d", i)}
		for _, c := range []string{"id", "tenant_id", "first_name", "birth_date", "ssn", "status", "notes", "created_at", "updated_at", "payload"} {
			t.Columns = append(t.Columns, phi.Column{Name: c, Type: "text"})
		}
		tables = append(tables, t)
	}
	data, err := phi.Default().Classify(tables, nil).MarshalBinary()
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		var s phi.Schema
		if err := s.UnmarshalBinary(data); err != nil {
			b.Fatal(err)
		}
	}
}

// TestNamesWithoutWords has tables and columns whose names tell nothing: what
// stands around them counts as ever.
func TestNamesWithoutWords(t *testing.T) {
	for _, name := range []string{"_", "12", "A00", "-", "é", "𝛼", " ", "", "__1"} {
		s := phi.Default().Classify([]phi.Table{
			table("patients", "id uuid", "ssn text", name+"1 uuid "+name),
			table(name, "id uuid", "patient_id uuid patients", "note text", name+"1 text"),
			table("address_location", "id uuid "+name, "patient_id uuid "+name),
		}, nil)
		if c := s.Table("public", "patients"); c == nil || !c.PHI {
			t.Errorf("beside a table %q, patients is %+v", name, c)
		}
		if c := s.Table("public", name); c == nil || !c.Patient {
			t.Errorf("table %q of patients is %+v", name, c)
		}
	}
}

// TestSpelled has names whose words only the author's spelling tells apart.
func TestSpelled(t *testing.T) {
	patients := phi.Table{Schema: "public", Name: "patientfile", Spelled: "PatientFile"}
	for _, n := range []string{"dosesPerDay", "SpO2", "eGFR", "homeTel", "other"} {
		patients.Columns = append(patients.Columns, phi.Column{Name: strings.ToLower(n), Spelled: n, Type: "text"})
	}
	patients.Columns = append(patients.Columns, phi.Column{Name: "ssn", Spelled: "nothing like it", Type: "text"})
	got := phi.Default().Classify([]phi.Table{patients}, nil).Table("public", "patientfile")
	var tiers []int
	for _, c := range got.Columns {
		tiers = append(tiers, c.Class.Tier)
	}
	if diff := cmp.Diff([]int{3, 2, 3, 2, 1, 3}, tiers); diff != "" {
		t.Errorf("tiers (-want +got):\n%s", diff)
	}
}
