//! What a daemon that runs cannot set anew.

use super::Config;

impl Config {
    /// These settings, but where a daemon that runs with others cannot take them before it starts anew, its own; and the
    /// names of those that differ.
    pub fn over(mut self, running: &Self) -> (Self, Vec<&'static str>) {
        let mut late = Vec::new();
        keep("instance", &mut self.instance, &running.instance, &mut late);
        keep("[database]", &mut self.database, &running.database, &mut late);
        let (limits, running_limits) = (&mut self.limits, &running.limits);
        keep("[limits] connections_max", &mut limits.connections_max, &running_limits.connections_max, &mut late);
        let (password, running_password) = (&mut self.password, &running.password);
        keep("[password] threads", &mut password.threads, &running_password.threads, &mut late);
        keep("[password] queue_max", &mut password.queue_max, &running_password.queue_max, &mut late);
        keep("[metrics] listen", &mut self.metrics.listen, &running.metrics.listen, &mut late);
        (self, late)
    }
}

fn keep<T: Clone + PartialEq>(name: &'static str, new: &mut T, running: &T, late: &mut Vec<&'static str>) {
    if new != running {
        new.clone_from(running);
        late.push(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What can be taken is, and what cannot is named.
    #[test]
    fn named() {
        let running = Config::default();
        let mut new = Config::default();
        new.site.title = "Gardens".into();
        assert_eq!(new.clone().over(&running), (new.clone(), Vec::new()));
        let title_alone = new.clone();
        new.instance = "elsewhere".into();
        new.database.readers = 7;
        new.limits.connections_max = 7;
        new.password.threads = 7;
        new.password.queue_max = 7;
        new.metrics.listen = Some(running.listen.clone());
        let names = [
            "instance",
            "[database]",
            "[limits] connections_max",
            "[password] threads",
            "[password] queue_max",
            "[metrics] listen",
        ];
        assert_eq!(new.over(&running), (title_alone, names.to_vec()));
    }
}
