-- KEYS: item, owner's index. ARGV: id, stored, expires, sealed, time to live in ms, 'insert' or 'put', attempt.
local item, index = unpack(KEYS)
local id, stored, expires, sealed, ttl, way, attempt = unpack(ARGV)
if way == 'insert' and present(item, stored) then
  return redis.call('HGET', item, 'attempt') == attempt and 1 or 0
end
redis.call('DEL', item)
redis.call('HSET', item, 'stored', stored, 'expires', expires, 'sealed', sealed, 'attempt', attempt)
redis.call('PEXPIRE', item, ttl)
-- Redis forgets items by itself, but not their names in the index: each new one takes away a few of the oldest.
for _, oldest in ipairs(redis.call('ZRANGE', index, 0, 2)) do
  if redis.call('EXISTS', (item:sub(1, -1 - #id)) .. oldest) == 0 then redis.call('ZREM', index, oldest) end
end
redis.call('ZADD', index, stored, id)
if redis.call('PTTL', index) < tonumber(ttl) then redis.call('PEXPIRE', index, ttl) end
return 1
