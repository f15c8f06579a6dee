package bench

import (
	"embed"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"

	"tidewater/engine/catalog"
)

//go:embed intake
var intakeFiles embed.FS

// intakeApp is an app of one form of twenty fields: a unique telephone number, three searched fields, a rule,
// owners, and as many indexes as such a form has.
func intakeApp() (catalog.Bundle, error) {
	files, err := fs.Sub(intakeFiles, "intake")
	if err != nil {
		return nil, err
	}
	return catalog.LoadFS(files)
}

// intakeFields are the columns of a file, in their order; they are named as the fields.
func intakeFields() []string {
	return []string{
		"name", "type", "tier", "status", "source", "industry", "owner", "phone", "email", "person",
		"title", "city", "address", "need", "budget", "staff", "rate", "expectedAt", "visitedAt", "important",
	}
}

// intakeRow is what the n-th customer says in each of them.
func intakeRow(n int64) map[string]any {
	values := owned(n, people, personID(int(n%people)))
	delete(values, "country")
	values["person"] = fmt.Sprintf("%s先生", firstWords()[n%7])
	values["title"] = []string{"采购经理", "总经理", "工程师"}[n%3]
	values["city"] = []string{"上海", "苏州", "宁波", "合肥"}[n%4]
	values["staff"] = json.Number(fmt.Sprint(10 + n*31%5000))
	values["rate"] = json.Number(fmt.Sprintf("%d.%d", n%100, n%10))
	values["visitedAt"] = fmt.Sprintf("2025-%02d-%02dT%02d:30:00Z", 1+n%12, 1+n%28, n%24)
	values["important"] = n%4 == 0
	return values
}

// writeIntake writes a file of so many customers after the first ones.
func writeIntake(to io.Writer, first, rows int64) error {
	w := csv.NewWriter(to)
	fields := intakeFields()
	if err := w.Write(fields); err != nil {
		return err
	}
	cells := make([]string, len(fields))
	for n := first; n < first+rows; n++ {
		values := intakeRow(n)
		for at, field := range fields {
			cells[at] = fmt.Sprint(values[field])
		}
		if err := w.Write(cells); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}
