export function checkPlans(_dir: string, _tickets: number): Promise<boolean> { throw new Error("Cannot check plans yet"); }
