-- KEYS: live. ARGV: cursor, about how many. Answers where to go on, and records with their names and fields.
local scanned = redis.call('ZSCAN', KEYS[1], ARGV[1], 'COUNT', ARGV[2])
local records = {}
for index = 1, #scanned[2], 2 do
  local name = scanned[2][index]
  local fields = redis.call('HMGET', PREFIX .. 'session:' .. name, 'user', 'version', 'created', 'seen', 'idle',
    'expires', 'sealed', 'about', 'ended', 'reason')
  records[#records + 1] = { name, fields }
end
return { scanned[1], records }
