-- KEYS: session, live. ARGV: name, now.
local session, live = unpack(KEYS)
local name, now = unpack(ARGV)
if state(session, now) ~= 'live' then return 0 end
local record = redis.call('HMGET', session, 'seen', 'idle', 'expires')
local seen = record[1]
if before(seen, now) then
  seen = now
  redis.call('HSET', session, 'seen', now)
end
local due = math.min(tonumber(seen) + tonumber(record[2]), tonumber(record[3]))
redis.call('ZADD', live, string.format('%.17g', due), name)
return 1
