package field

import (
	"golang.org/x/text/currency"

	"tidewater/engine/fault"
	"tidewater/engine/meta"
)

// currencyKind holds an amount of money: an exact number whose scale is its currency's unless stated.
func currencyKind() Kind {
	return currencyField{exactField{spec{Currency, []string{"number", "integer", "string"},
		words(input, bounds, []string{"x-scale", "x-currency"})}}}
}

type currencyField struct{ exactField }

func (k currencyField) Check(def *meta.Field) fault.Issues {
	issues := k.exactField.Check(def)
	if _, err := currency.ParseISO(def.Currency); def.Currency != "" && err != nil {
		issues.Add("/x-currency", "field.currency", "value", def.Currency)
	}
	return issues
}

// minorDigits returns the decimals of a currency (ISO 4217): 2 for most and where none is named, 0 for JPY.
func minorDigits(code string) int {
	unit, err := currency.ParseISO(code)
	if err != nil {
		return 2
	}
	digits, _ := currency.Standard.Rounding(unit)
	return digits
}
