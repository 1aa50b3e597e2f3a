-- KEYS: item, owner's index. ARGV: id, now. Answers the item's fields, if it was there.
local item, index = unpack(KEYS)
local id, now = unpack(ARGV)
local fields = present(item, now)
redis.call('DEL', item)
redis.call('ZREM', index, id)
return fields
