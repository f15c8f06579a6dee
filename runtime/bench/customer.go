package bench

import (
	"encoding/json"
	"fmt"

	"tidewater/engine/value"
)

// rareWord is in the name of every hundredth customer, seldomWord of every thousandth.
const (
	rareWord   = "海川"
	seldomWord = "云岫"
)

func firstWords() []string {
	return []string{"华源", "东岭", "恒达", "瑞丰", "新越", "金桥", "博远", "天辰", "立信", "万和"}
}

func secondWords() []string {
	return []string{"精密机械", "电子科技", "食品贸易", "医疗器械", "新材料", "软件服务", "物流仓储", "建筑工程", "环保设备"}
}

// customer returns the fields of the n-th customer, of as many people as there are: spread alike however
// many there are, among one person's own too. The numbers of telephones are of a segment that nobody holds.
func customer(n, people int64) map[string]any {
	firsts, seconds := firstWords(), secondWords()
	first := firsts[n%int64(len(firsts))]
	switch {
	case n/people%100 == 7:
		first = rareWord
	case n/people%1000 == 13:
		first = seldomWord
	}
	return map[string]any{
		"name":       fmt.Sprintf("%s%s%06d有限公司", first, seconds[n%int64(len(seconds))], n),
		"type":       []string{"prospect", "endCustomer", "channelPartner"}[n%3],
		"tier":       []string{"A", "B", "C", "D", "E"}[n%5],
		"status":     []string{"potential", "contacted", "negotiating", "won"}[n%4],
		"source":     []string{"website", "exhibition", "referral"}[n%3],
		"industry":   []string{"manufacturing", "electronics", "software"}[n%3],
		"phone":      phone(n),
		"email":      fmt.Sprintf("buyer%06d@example.com", n),
		"country":    "中国",
		"address":    fmt.Sprintf("滨江大道 %d 号", n%5000),
		"need":       fmt.Sprintf("需要第 %d 批样品，交付后再谈长期合同。", n%900),
		"budget":     json.Number(fmt.Sprintf("%d.%02d", 1000+n*7919%900_000, n%100)),
		"expectedAt": fmt.Sprintf("2025-%02d-%02d", 1+n/people%12, 1+n/people%28),
	}
}

// owned is a customer with whose it is.
func owned(n int64, people int, owner value.ID) map[string]any {
	values := customer(n, int64(people))
	values["owner"] = string(owner)
	return values
}

func phone(n int64) string { return fmt.Sprintf("160%08d", n) }
