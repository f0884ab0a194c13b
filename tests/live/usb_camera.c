/* A camera that is plugged in, for a machine that has none: what a kernel's UVC driver answers, below OpenCV.

   Loaded with LD_PRELOAD, it stands in for the calls by which Video4Linux2 speaks to /dev/video0, and leaves all others
   alone. CAMERA_FILM is a file of raw YUYV pictures of 1280 x 720, shown over and over, 15 a second. Who does not ask for
   them gets 640 x 480, as of many cameras: the beginning of each, cut to that length; with CAMERA_SMALL everybody does. The camera is there as long as the
   file CAMERA_PLUG is; when that goes, a read ends with ENODEV, as when the cable is pulled. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/videodev2.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { FPS = 15, BUFFERS = 4, STEP = 1280 * 720 * 2 };

static int camera = -1;
static unsigned width = 640, height = 480;
static FILE *film;
static unsigned char *buffers[BUFFERS];
static unsigned queued[BUFFERS], first, waiting, sequence;

static int plugged(void) {
    const char *plug = getenv("CAMERA_PLUG");
    return plug && access(plug, F_OK) == 0;
}

static int refused(int reason) {
    errno = reason;
    return -1;
}

static int open_camera(void) {
    if (!plugged()) return refused(ENOENT);
    if (camera >= 0) return refused(EBUSY);
    if (!(film = fopen(getenv("CAMERA_FILM"), "rb"))) return refused(EIO);
    first = waiting = sequence = 0;
    width = 640, height = 480;
    return camera = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
}

static int run(int pictures_a_second) {
    struct itimerspec every = {0};
    if (pictures_a_second) every.it_value.tv_nsec = every.it_interval.tv_nsec = 1000000000L / pictures_a_second;
    return timerfd_settime(camera, 0, &every, NULL);
}

static unsigned picture(void) { return width * height * 2; }

static int format(struct v4l2_format *asked, int chosen) {
    if (asked->type != V4L2_BUF_TYPE_VIDEO_CAPTURE) return refused(EINVAL);
    if (chosen) {
        int large = !getenv("CAMERA_SMALL") && asked->fmt.pix.width >= 1280 && asked->fmt.pix.height >= 720;
        width = large ? 1280 : 640, height = large ? 720 : 480;
    }
    asked->fmt.pix = (struct v4l2_pix_format){
        .width = width, .height = height, .pixelformat = V4L2_PIX_FMT_YUYV, .field = V4L2_FIELD_NONE,
        .bytesperline = width * 2, .sizeimage = picture(), .colorspace = V4L2_COLORSPACE_SRGB};
    return 0;
}

static int describe(struct v4l2_buffer *buffer) {
    if (buffer->index >= BUFFERS) return refused(EINVAL);
    buffer->memory = V4L2_MEMORY_MMAP;
    buffer->length = picture();
    buffer->m.offset = buffer->index * STEP;
    return 0;
}

static int queue(struct v4l2_buffer *buffer) {
    if (buffer->index >= BUFFERS || waiting == BUFFERS) return refused(EINVAL);
    queued[(first + waiting++) % BUFFERS] = buffer->index;
    return 0;
}

static int filled(struct v4l2_buffer *buffer) {
    uint64_t ticks;
    if (!plugged()) return refused(ENODEV);
    if (read(camera, &ticks, sizeof ticks) < 0) return -1; /* EAGAIN until the next picture is due */
    if (!waiting) return refused(EAGAIN);
    unsigned index = queued[first];
    first = (first + 1) % BUFFERS, waiting--;
    if (fread(buffers[index], picture(), 1, film) < 1) {
        rewind(film);
        if (fread(buffers[index], picture(), 1, film) < 1) return refused(EIO);
    }
    fseek(film, STEP - picture(), SEEK_CUR);
    buffer->index = index;
    buffer->sequence = sequence++;
    buffer->bytesused = picture();
    buffer->field = V4L2_FIELD_NONE;
    buffer->flags = V4L2_BUF_FLAG_DONE | V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    buffer->timestamp = (struct timeval){now.tv_sec, now.tv_nsec / 1000};
    return describe(buffer);
}

static int answer(unsigned long request, void *about) {
    if (!plugged()) return refused(ENODEV);
    switch (request) {
    case VIDIOC_QUERYCAP: {
        struct v4l2_capability *can = about;
        memset(can, 0, sizeof *can);
        strcpy((char *)can->driver, "uvcvideo");
        strcpy((char *)can->card, "Camera of the tests");
        can->capabilities = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING | V4L2_CAP_DEVICE_CAPS;
        can->device_caps = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING;
        return 0;
    }
    case VIDIOC_ENUMINPUT: {
        struct v4l2_input *input = about;
        if (input->index) return refused(EINVAL);
        input->type = V4L2_INPUT_TYPE_CAMERA;
        return 0;
    }
    case VIDIOC_G_INPUT: *(int *)about = 0; return 0;
    case VIDIOC_S_INPUT: return 0;
    case VIDIOC_G_FMT: return format(about, 0);
    case VIDIOC_TRY_FMT:
    case VIDIOC_S_FMT: return format(about, 1);
    case VIDIOC_G_PARM:
    case VIDIOC_S_PARM: {
        struct v4l2_streamparm *pace = about;
        pace->parm.capture.capability = V4L2_CAP_TIMEPERFRAME;
        pace->parm.capture.timeperframe = (struct v4l2_fract){1, FPS};
        return 0;
    }
    case VIDIOC_REQBUFS: {
        struct v4l2_requestbuffers *wanted = about;
        if (wanted->memory != V4L2_MEMORY_MMAP) return refused(EINVAL);
        if (wanted->count > BUFFERS) wanted->count = BUFFERS;
        first = waiting = 0;
        return 0;
    }
    case VIDIOC_QUERYBUF: return describe(about);
    case VIDIOC_QBUF: return queue(about);
    case VIDIOC_DQBUF: return filled(about);
    case VIDIOC_STREAMON: return run(FPS);
    case VIDIOC_STREAMOFF: first = waiting = 0; return run(0);
    default: return refused(ENOTTY); /* controls, cropping: it has none */
    }
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

#define OPEN(name)                                                                                                     \
    int name(const char *path, int flags, ...) {                                                                       \
        va_list rest;                                                                                                  \
        va_start(rest, flags);                                                                                         \
        mode_t mode = va_arg(rest, mode_t);                                                                            \
        va_end(rest);                                                                                                  \
        return strcmp(path, "/dev/video0") ? REAL(name)(path, flags, mode) : open_camera();                            \
    }

OPEN(open)
OPEN(open64)

int ioctl(int file, unsigned long request, ...) {
    va_list rest;
    va_start(rest, request);
    void *about = va_arg(rest, void *);
    va_end(rest);
    return camera >= 0 && file == camera ? answer(request & 0xFFFFFFFFUL, about) : REAL(ioctl)(file, request, about);
}

#define MAP(name, place)                                                                                               \
    void *name(void *at, size_t length, int protection, int flags, int file, place offset) {                           \
        if (camera < 0 || file != camera) return REAL(name)(at, length, protection, flags, file, offset);              \
        void *made = REAL(name)(at, length, protection | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);                          \
        if (made != MAP_FAILED) buffers[offset / STEP] = made;                                                      \
        return made;                                                                                                   \
    }

MAP(mmap, off_t)
MAP(mmap64, off64_t)

int close(int file) {
    if (camera >= 0 && file == camera) {
        fclose(film);
        camera = -1;
    }
    return REAL(close)(file);
}
