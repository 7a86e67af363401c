// Keeps the id of this browser's bench in a cookie, so that a refresh and tomorrow's visit find it again.
export default function ({ data }) {
  document.cookie = `workbench=${data.workspace}; path=/; max-age=31536000; SameSite=Strict`
}
