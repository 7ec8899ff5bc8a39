import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** Lets everybody do all with a topic but delete: servers, topic. The clients in Python cannot. */
class Forbid {
    public static void main(String[] told) throws Exception {
        var topic = new ResourcePattern(ResourceType.TOPIC, told[1], PatternType.LITERAL);
        try (Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", told[0]))) {
            admin.createAcls(List.of(
                new AclBinding(topic, entry(AclOperation.ALL, AclPermissionType.ALLOW)),
                new AclBinding(topic, entry(AclOperation.DELETE, AclPermissionType.DENY)))).all().get();
        }
    }

    private static AccessControlEntry entry(AclOperation what, AclPermissionType how) {
        return new AccessControlEntry("User:*", "*", what, how);
    }
}
