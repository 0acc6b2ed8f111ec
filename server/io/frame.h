/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* The bytes of a frame, shared by the blocking functions and the asynchronous caller (worker.h). */
#include <sys/types.h>

#include <pp/io/worker.h>

#define PP_FRAME_HEAD 12u

/* The head of the frame; aborts when its payload is larger than PP_FRAME_MAX. */
void pp_frame_head(const struct pp_frame *frame, unsigned char head[PP_FRAME_HEAD]);
/* Reads a head: the frame without payload and descriptor, and the payload's length. False when
 * broken. */
PP_CHECKED bool pp_frame_read_head(
	const unsigned char head[PP_FRAME_HEAD], struct pp_frame *frame, size_t *payload);
bool pp_frame_is_last(const struct pp_frame *frame);

/* sendmsg(2) of up to two parts; fd (or -1) rides on their first byte. As send(2), EINTR excluded.
 */
ssize_t pp_frame_send(int socket, struct pp_slice first, struct pp_slice second, int fd);
/*
 * recvmsg(2). A descriptor that came with the bytes is put into *fd; more than one, or one where
 * *fd holds one already, is an error (-1, EPROTO) and all are closed.
 */
ssize_t pp_frame_receive(int socket, void *at, size_t len, int *fd);
