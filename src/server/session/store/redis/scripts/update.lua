-- KEYS: session. ARGV: expected version, next version, sealed, now.
local session = KEYS[1]
local expected, following, sealed, now = unpack(ARGV)
local found = state(session, now)
if found ~= 'live' then return found end
local record = redis.call('HMGET', session, 'version', 'sealed')
if record[1] == expected then
  redis.call('HSET', session, 'version', following, 'sealed', sealed)
  return 'done'
end
-- An earlier attempt of the same caller.
if record[1] == following and record[2] == sealed then return 'done' end
return 'stale'
