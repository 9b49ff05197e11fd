/** Runs a program of Gerrit, as its war would: Run Init|Daemon ARGUMENT... */
public class Run {
  public static void main(String[] words) throws Exception {
    Class<?> program = Class.forName("com.google.gerrit.pgm." + words[0]);
    String[] rest = java.util.Arrays.copyOfRange(words, 1, words.length);
    Object made = program.getDeclaredConstructor().newInstance();
    System.exit((Integer) program.getMethod("main", String[].class).invoke(made, (Object) rest));
  }
}
