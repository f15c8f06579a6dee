-- Runs when the stage changes only: records brought in from elsewhere as won are no news.
-- Whoever looks after a customer hears of a win there that is not their own. A customer that whoever won may not
-- read has nobody here to be told.
local customer = get("customer", record.customer)
if customer and customer.owner and customer.owner ~= record.owner and customer.owner ~= actor.id then
  notify(customer.owner, {
    ["zh-CN"] = "同事在您负责的客户处赢单：“{title}”",
    en = "A colleague has won “{title}” with a customer of yours",
  }, "opportunity", record.id)
end
