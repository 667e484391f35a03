// The camera: frames as JPEGs, one at a time, so that the service never falls behind.

const LONGER_SIDE = 640; // more than the network sees
const QUALITY = 0.85;

export class Camera {
  constructor(video) {
    this.video = video;
    this.facing = "environment";
    this.frame = document.createElement("canvas");
  }

  get running() {
    return Boolean(this.video.srcObject);
  }

  async start() {
    if (!navigator.mediaDevices?.getUserMedia) {
      throw new Error("A live camera needs https://, or http://localhost. “Take a photo” works without it.");
    }
    try {
      this.video.srcObject = await navigator.mediaDevices.getUserMedia({
        video: { facingMode: this.facing, width: { ideal: 1280 } },
        audio: false,
      });
    } catch (error) {
      throw new Error(`The camera cannot be used: ${error.message || error.name}`);
    }
    await this.video.play();
  }

  stop() {
    for (const track of this.video.srcObject?.getTracks() ?? []) track.stop();
    this.video.srcObject = null;
  }

  async turn() {
    this.facing = this.facing === "environment" ? "user" : "environment";
    this.stop();
    await this.start();
  }

  async hasAnother() {
    const devices = await navigator.mediaDevices.enumerateDevices();
    return devices.filter((device) => device.kind === "videoinput").length > 1;
  }

  take() {
    const { videoWidth, videoHeight } = this.video;
    const scale = Math.min(1, LONGER_SIDE / Math.max(videoWidth, videoHeight));
    this.frame.width = Math.round(videoWidth * scale);
    this.frame.height = Math.round(videoHeight * scale);
    this.frame.getContext("2d").drawImage(this.video, 0, 0, this.frame.width, this.frame.height);
    return new Promise((resolve) => this.frame.toBlob(resolve, "image/jpeg", QUALITY));
  }
}
