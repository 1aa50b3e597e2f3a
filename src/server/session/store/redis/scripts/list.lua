-- KEYS: user. Answers each record of the user that is not forgotten, as its name and its fields.
local records = {}
for _, name in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  local fields = redis.call('HMGET', PREFIX .. 'session:' .. name, 'user', 'version', 'created', 'seen', 'idle',
    'expires', 'sealed', 'about', 'ended', 'reason')
  records[#records + 1] = { name, fields }
end
return records
