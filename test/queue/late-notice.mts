/**
 * As deploy/queue sets it: what a killed worker had in hand can be run again before n8n notices and
 * throws its alerts away.
 */
export const LATE_NOTICE = {
	QUEUE_WORKER_LOCK_DURATION: '300000',
	QUEUE_WORKER_STALLED_INTERVAL: '600000',
};
