export interface DoctorFinding {
  name: string;
  ok: boolean;
  message: string;
}
